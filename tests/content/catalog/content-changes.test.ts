import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withChanges } from '../../../src/content/catalog/content-changes.ts';
import { type ContentFolder, listContentFiles } from '../../../src/content/catalog/content-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Listed {
  readonly dir: string;
  readonly before: ContentFolder;
  /** The listing with these paths looked at again; it has to be what a new listing finds. */
  change(...paths: readonly string[]): Promise<ContentFolder>;
  /** The same where a new listing is wanted. */
  refuses(...paths: readonly string[]): boolean;
}

async function listed(...paths: readonly string[]): Promise<Listed> {
  const dir = (await temporaryFolder()).path;
  for (const path of paths) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), `The first text of ${path}.`);
  }
  const before = await listContentFiles(dir);
  return {
    dir,
    before,
    async change(...changed) {
      const folder = withChanges(dir, before, new Set(changed));
      if (folder === null) throw new Error('A new listing is wanted.');
      expect(folder).toEqual(await listContentFiles(dir));
      return folder;
    },
    refuses: (...changed) => withChanges(dir, before, new Set(changed)) === null,
  };
}

const pathsOf = (folder: ContentFolder): string[] => folder.articles.map(({ path }) => path);

describe('withChanges', () => {
  it('looks at a changed article again and leaves the others as they are', async () => {
    const { dir, before, change } = await listed('a.md', 'b.md', 'c.md', 'map.png');
    await writeFile(join(dir, 'b.md'), 'Another text, which is longer than the first.');
    await writeFile(join(dir, 'c.md'), 'Nobody says that this one changed.');
    const folder = withChanges(dir, before, new Set(['b.md']));
    expect(folder?.articles.map(({ size }) => size)).toEqual([before.articles[0]?.size, 45, before.articles[2]?.size]);
    expect(folder?.articles[0]).toBe(before.articles[0]);
    await change('b.md', 'c.md');
  });

  it('puts a new article where its path belongs', async () => {
    const { dir, change } = await listed('b.md', 'd/e.md');
    for (const name of ['a.md', 'c.md', 'd/f.MD', 'z.md']) await writeFile(join(dir, name), 'New.');
    expect(pathsOf(await change('z.md', 'c.md', 'a.md', 'd/f.MD'))).toEqual([
      'a.md',
      'b.md',
      'c.md',
      'd/e.md',
      'd/f.MD',
      'z.md',
    ]);
  });

  it('takes a removed article out, and one that came and went', async () => {
    const { dir, change } = await listed('a.md', 'b.md');
    await rm(join(dir, 'a.md'));
    expect(pathsOf(await change('a.md', 'never-seen.md'))).toEqual(['b.md']);
  });

  it('follows files that are no articles', async () => {
    const { dir, change } = await listed('a.md', 'map.png', 'old.png');
    await writeFile(join(dir, 'map.png'), 'A larger map than before, and a better one.');
    await writeFile(join(dir, 'new.png'), 'New.');
    await rm(join(dir, 'old.png'));
    const { others } = await change('map.png', 'new.png', 'old.png');
    expect([...others.keys()].sort()).toEqual(['map.png', 'new.png']);
    expect(others.get('map.png')?.size).toBe(43);
  });

  it('passes hidden files over', async () => {
    const { dir, before, change } = await listed('a.md');
    await writeFile(join(dir, '.a.md.swp'), 'x');
    expect((await change('.a.md.swp')).articles).toEqual(before.articles);
  });

  it('wants a new listing where a folder or a link came', async () => {
    const { dir, refuses } = await listed('a.md');
    await mkdir(join(dir, 'folder'));
    await mkdir(join(dir, '.hidden'));
    await symlink(join(dir, 'a.md'), join(dir, 'link.md'));
    expect(refuses('folder')).toBe(true);
    expect(refuses('.hidden')).toBe(true);
    expect(refuses('link.md')).toBe(true);
    expect(refuses('a.md')).toBe(false);
  });

  it('wants a new listing where a folder went, or an article became one', async () => {
    const { dir, refuses } = await listed('a.md', 'folder/b.md');
    await rm(join(dir, 'folder'), { recursive: true });
    expect(refuses('folder')).toBe(true);
    await rm(join(dir, 'a.md'));
    await mkdir(join(dir, 'a.md'));
    expect(refuses('a.md')).toBe(true);
  });

  it('wants a new listing while the last one had problems or found no folder', async () => {
    const { dir, before } = await listed('a.md');
    await symlink('/etc/hostname', join(dir, 'outside.md'));
    const faulty = await listContentFiles(dir);
    expect(faulty.problems).toHaveLength(1);
    expect(withChanges(dir, faulty, new Set(['a.md']))).toBeNull();
    expect(withChanges(dir, { ...before, exists: false }, new Set(['a.md']))).toBeNull();
  });
});
