import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listContentFiles } from '../../../src/content/catalog/content-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function folderWith(...paths: string[]): Promise<string> {
  const { path: folder } = await temporaryFolder();
  const content = join(folder, 'content');
  await mkdir(content);
  for (const path of paths) {
    await mkdir(dirname(join(content, path)), { recursive: true });
    await writeFile(join(content, path), path);
  }
  return content;
}

describe('listContentFiles', () => {
  it('lists nested folders in the order of their paths, articles apart from other files', async () => {
    const content = await folderWith('b/two.md', 'a/z/one.MD', 'c.md', 'a/map.png', 'b/one.md', 'notes.txt');
    const { articles, others, exists, problems } = await listContentFiles(content);
    expect(exists).toBe(true);
    expect(problems).toEqual([]);
    expect(articles.map(({ path }) => path)).toEqual(['a/z/one.MD', 'b/one.md', 'b/two.md', 'c.md']);
    expect([...others.keys()]).toEqual(['a/map.png', 'notes.txt']);
    expect(others.get('a/map.png')?.size).toBe('a/map.png'.length);
    expect(articles[0]?.mtimeMs).toBeGreaterThan(0);
  });

  it('leaves the size and time of a file out that isn’t looked at', async () => {
    const content = await folderWith('a.md', 'map.png');
    const { articles, others } = await listContentFiles(content, (path) => path === 'map.png');
    expect(articles).toEqual([{ path: 'a.md', size: Number.NaN, mtimeMs: Number.NaN }]);
    expect(others.get('map.png')?.size).toBe('map.png'.length);
  });

  it('skips hidden files and folders', async () => {
    const content = await folderWith('.draft.md', '.git/a.md', 'a/.secret/b.md', 'a/.DS_Store', 'a/b.md');
    const { articles, others, problems } = await listContentFiles(content);
    expect(articles.map(({ path }) => path)).toEqual(['a/b.md']);
    expect(others.size).toBe(0);
    expect(problems).toEqual([]);
  });

  it('leaves links out of the folder out and says so', async () => {
    const content = await folderWith('a.md');
    const outside = await folderWith('secret.md');
    await symlink(join(outside, 'secret.md'), join(content, 'file.md'));
    await symlink(outside, join(content, 'folder'));
    await symlink('../..', join(content, 'up'));
    await symlink('nowhere.md', join(content, 'broken.md'));
    const { articles, others, problems } = await listContentFiles(content);
    expect(articles.map(({ path }) => path)).toEqual(['a.md']);
    expect(others.size).toBe(0);
    expect(problems.map(({ file }) => file).sort()).toEqual([
      'content/broken.md',
      'content/file.md',
      'content/folder',
      'content/up',
    ]);
    for (const problem of problems) expect(problem).toMatchObject({ code: 'link-outside', blocking: true });
  });

  it('leaves out a link to a folder beside it whose name begins the same', async () => {
    const content = await folderWith('a.md');
    await mkdir(`${content}-private`);
    await writeFile(join(`${content}-private`, 'secret.md'), 'secret');
    await symlink(`${content}-private`, join(content, 'link'));
    const { articles, problems } = await listContentFiles(content);
    expect(articles.map(({ path }) => path)).toEqual(['a.md']);
    expect(problems).toMatchObject([{ file: 'content/link', code: 'link-outside' }]);
  });

  it('follows a link within the folder, and none in a circle', async () => {
    const content = await folderWith('a/one.md');
    await symlink('one.md', join(content, 'a', 'two.md'));
    await symlink('..', join(content, 'a', 'circle'));
    const { articles, problems } = await listContentFiles(content);
    expect(articles.map(({ path }) => path)).toEqual(['a/one.md', 'a/two.md']);
    expect(problems).toEqual([]);
  });

  it('lists a folder under its own path, whatever links lead to it', async () => {
    const content = await folderWith('b/one.md', '.hidden/c/two.md');
    await symlink('b', join(content, 'a'));
    await symlink('..', join(content, 'b', 'circle'));
    await symlink('../b', join(content, 'b', 'z'));
    await symlink('.hidden', join(content, 'shown'));
    await symlink('.hidden/c', join(content, 'shown-again'));
    const { articles, problems } = await listContentFiles(content);
    expect(articles.map(({ path }) => path)).toEqual(['b/one.md', 'shown/c/two.md']);
    expect(problems).toEqual([]);
  });

  it('follows the publication’s folder itself where that is a link', async () => {
    const content = await folderWith('a.md');
    const { path: other } = await temporaryFolder();
    await symlink(content, join(other, 'content'));
    const { articles, problems } = await listContentFiles(join(other, 'content'));
    expect(articles.map(({ path }) => path)).toEqual(['a.md']);
    expect(problems).toEqual([]);
  });

  it('reports folders that nest too deep and lists the rest', async () => {
    const deep = Array(33).fill('d').join('/');
    const { articles, problems } = await listContentFiles(await folderWith(`${deep}/lost.md`, 'a.md'));
    expect(articles.map(({ path }) => path)).toEqual(['a.md']);
    expect(problems).toMatchObject([{ file: `content/${deep}`, code: 'too-deep' }]);
  });

  it('lists more files than it looks at together', async () => {
    const names = Array.from({ length: 150 }, (_, index) => `${String(index).padStart(3, '0')}.md`);
    const { articles } = await listContentFiles(await folderWith(...names));
    expect(articles.map(({ path }) => path)).toEqual(names);
  });

  it('says that a folder isn’t there', async () => {
    const { path } = await temporaryFolder();
    expect(await listContentFiles(join(path, 'content'))).toMatchObject({ exists: false, articles: [], problems: [] });
  });
});
