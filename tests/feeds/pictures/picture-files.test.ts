import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Article } from '../../../src/content/index.ts';
import { createPictureFiles, type PictureFiles } from '../../../src/feeds/index.ts';
import { articleOf, catalogOf, noon, siteOf } from '../../support/feed-fixtures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Folder {
  readonly dir: string;
  readonly publicDir: string;
  readonly pictures: PictureFiles;
}

async function openFolder(): Promise<Folder> {
  const dir = (await temporaryFolder()).path;
  const [contentDir, publicDir] = [join(dir, 'content'), join(dir, 'public')];
  await mkdir(join(contentDir, 'maps'), { recursive: true });
  for (const file of ['logo.png', 'icon.png', 'content/map.png', 'content/maps/other.svg']) {
    await writeFile(join(dir, file), `the bytes of ${file}`);
  }
  return { dir, publicDir, pictures: createPictureFiles({ site: siteOf(), dir, contentDir, publicDir }) };
}

async function listPublic(publicDir: string): Promise<string[]> {
  const found = await readdir(publicDir, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(publicDir.length))
    .sort();
}

const withMap = (changes: Partial<Article> = {}): Article =>
  articleOf({ attachments: [{ name: 'map.png', path: 'map.png', bytes: 24 }], ...changes });

describe('publish', () => {
  it('copies an article’s pictures below its page in each language, and the publication’s own', async () => {
    const { publicDir, pictures } = await openFolder();
    const persian = articleOf({ lang: 'fa', attachments: [{ name: 'other.svg', path: 'maps/other.svg', bytes: 32 }] });
    const { written, problems } = await pictures.publish(catalogOf([withMap(), persian]));
    expect(problems).toEqual([]);
    const files = ['/articles/tehran-talks/map.png', '/fa/articles/tehran-talks/other.svg', '/icon.png', '/logo.png'];
    expect(written.toSorted()).toEqual(files);
    expect(await listPublic(publicDir)).toEqual(files);
    expect(await readFile(join(publicDir, files[1] ?? ''), 'utf8')).toBe('the bytes of content/maps/other.svg');
  });

  it('copies only what changed', async () => {
    const { dir, publicDir, pictures } = await openFolder();
    await pictures.publish(catalogOf([withMap()]));
    expect((await pictures.publish(catalogOf([withMap()]))).written).toEqual([]);
    await writeFile(join(dir, 'content/map.png'), 'a new map');
    expect((await pictures.publish(catalogOf([withMap()]))).written).toEqual(['/articles/tehran-talks/map.png']);
    expect(await readFile(join(publicDir, 'articles/tehran-talks/map.png'), 'utf8')).toBe('a new map');
  });

  it('has nothing of an article that is a draft, scheduled or withdrawn', async () => {
    const { publicDir, pictures } = await openFolder();
    await pictures.publish(
      catalogOf([
        withMap({ slug: 'draft', status: 'draft', publishedAt: null }),
        withMap({ slug: 'scheduled', date: '2023-05-01T00:00:00.000Z', publishedAt: null }),
        withMap({ slug: 'withdrawn', status: 'withdrawn' }),
      ]),
    );
    expect(await listPublic(publicDir)).toEqual(['/icon.png', '/logo.png']);
  });

  it('removes the pictures of an article that was withdrawn, and none that others laid there', async () => {
    const { dir, publicDir, pictures } = await openFolder();
    await pictures.publish(catalogOf([withMap(), withMap({ slug: 'second' })], noon));
    await writeFile(join(publicDir, 'articles/tehran-talks/theirs.png'), 'theirs');
    const restarted = createPictureFiles({ site: siteOf(), dir, contentDir: join(dir, 'content'), publicDir });
    const { removed } = await restarted.publish(
      catalogOf([withMap({ status: 'withdrawn' }), withMap({ slug: 'second', status: 'withdrawn' })]),
    );
    expect(removed.toSorted()).toEqual(['/articles/second/map.png', '/articles/tehran-talks/map.png']);
    expect(await listPublic(publicDir)).toEqual(['/articles/tehran-talks/theirs.png', '/icon.png', '/logo.png']);
  });

  it('reports a picture that is missing or lies elsewhere, and copies the rest', async () => {
    const { dir, publicDir, pictures } = await openFolder();
    await writeFile(join(dir, 'secret.txt'), 'secret');
    await symlink(join(dir, 'secret.txt'), join(dir, 'content/link.png'));
    const attachments = [
      { name: 'gone.png', path: 'gone.png', bytes: 1 },
      { name: 'link.png', path: 'link.png', bytes: 1 },
      { name: 'climb.png', path: '../secret.txt', bytes: 1 },
      { name: '../../../out.png', path: 'map.png', bytes: 1 },
      { name: '../out.png', path: 'map.png', bytes: 1 },
      { name: 'map.png', path: 'map.png', bytes: 24 },
    ];
    const { written, problems } = await pictures.publish(catalogOf([articleOf({ attachments })]));
    expect(written).toContain('/articles/tehran-talks/map.png');
    expect(problems.map((problem) => problem.path)).toEqual([
      '/articles/tehran-talks/gone.png',
      '/articles/tehran-talks/link.png',
      '/articles/tehran-talks/climb.png',
      '/articles/tehran-talks/../../../out.png',
      '/articles/tehran-talks/../out.png',
    ]);
    expect(await listPublic(publicDir)).toEqual(['/articles/tehran-talks/map.png', '/icon.png', '/logo.png']);
  });
});
