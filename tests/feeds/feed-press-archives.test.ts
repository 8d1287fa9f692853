import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Instant, toInstant } from '../../src/clock.ts';
import type { FullArticle } from '../../src/content/index.ts';
import type { FeedPress } from '../../src/feeds/index.ts';
import { articleOf, parseFeed } from '../support/feed-fixtures.ts';
import { documentAt, listFiles, openNewsroom, publish, textAt } from '../support/feed-newsroom.ts';

const start = Date.parse('2023-01-01T00:00:00.000Z');
const later: Instant = '2023-04-10T13:00:00.000Z';
const muchLater: Instant = '2023-04-11T09:00:00.000Z';
const formats = ['rss.xml', 'atom.xml', 'feed.json'];

/** Out an hour after one another from the first of January 2023. */
function articlesOf(count: number, lang = 'en'): FullArticle[] {
  return Array.from({ length: count }, (_, index) =>
    articleOf({ lang, slug: `s${index}`, date: toInstant(start + index * 3_600_000) }),
  );
}

const withdraw = (article: FullArticle, at: Instant): FullArticle => ({
  ...articleOf({ ...article, status: 'withdrawn' }),
  withdrawnAt: at,
});

async function parsedAt(press: FeedPress, folder: string) {
  const [rss = '', atom = '', json = ''] = await Promise.all(formats.map((file) => textAt(press, folder + file)));
  return parseFeed({ rss, atom, json });
}

async function slugsAt(press: FeedPress, folder: string): Promise<string[]> {
  const { json } = await parsedAt(press, folder);
  return (json.items ?? []).map((item) => (item.url ?? '').replace(/^.*\//, ''));
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: from - to + 1 }, (_, index) => `s${from - index}`);

describe('finish', () => {
  it('makes full parts only, of fifty each, linked to one another', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    const { documents, written } = await publish(press, articlesOf(120));
    expect(documents).toBe(30);
    expect(written.some((path) => path.includes('archive'))).toBe(false);
    const progress: [number, number][] = [];
    const finished = await press.finish((done, all) => progress.push([done, all]));
    const paths = [1, 2].flatMap((part) => formats.map((file) => `/archive/${part}/${file}`));
    expect(finished.written.toSorted()).toEqual(paths.toSorted());
    expect(finished).toMatchObject({ documents: 36, removed: [], problems: [] });
    expect(progress.at(-1)).toEqual([6, 6]);

    expect(await slugsAt(press, '/archive/1/')).toEqual(numbered(49, 0));
    expect(await slugsAt(press, '/archive/2/')).toEqual(numbered(99, 50));
    const linksAt = async (folder: string) =>
      Object.fromEntries(((await parsedAt(press, folder)).atom.links ?? []).map(({ rel, href }) => [rel, href]));
    const at = (path: string): string => `https://dispatch.example${path}`;
    expect(await linksAt('/')).toMatchObject({ self: at('/atom.xml'), 'prev-archive': at('/archive/2/atom.xml') });
    expect(await linksAt('/archive/2/')).toMatchObject({
      self: at('/archive/2/atom.xml'),
      current: at('/atom.xml'),
      'prev-archive': at('/archive/1/atom.xml'),
    });
    expect(await linksAt('/archive/1/')).toMatchObject({ 'next-archive': at('/archive/2/atom.xml') });
    expect(documentAt(press, '/archive/1/rss.xml')).toMatchObject({ maxAge: 86_400, hubs: [] });
    for (const path of paths) expect(await readFile(publicDir + path, 'utf8')).toBe(await textAt(press, path));
  });

  it('makes nothing twice, in this process or in another', async () => {
    const { set, open } = await openNewsroom();
    const press = open();
    const articles = articlesOf(120);
    await publish(press, articles);
    await press.finish();
    expect((await publish(press, articles, later)).written).toEqual([]);
    expect((await press.finish()).written).toEqual([]);
    set.length = 0;
    const again = open();
    expect((await publish(again, articles, later)).written).toEqual([]);
    expect((await again.finish()).written).toEqual([]);
    expect(set).toEqual([]);
    expect(await slugsAt(again, '/archive/1/')).toEqual(numbered(49, 0));
  });

  it('leaves what has not been made to another process', async () => {
    const { open } = await openNewsroom();
    await publish(open(), articlesOf(120));
    const press = open();
    await publish(press, articlesOf(120), later);
    expect((await press.finish()).written).toHaveLength(6);
    expect(await slugsAt(press, '/archive/2/')).toEqual(numbered(99, 50));
  });

  it('has nothing to do for a part that has just filled: the publication that fills it makes it', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await publish(press, articlesOf(99));
    expect((await press.finish()).written).toHaveLength(3);
    const { written } = await publish(press, articlesOf(100), later);
    expect(written).toEqual(expect.arrayContaining(formats.map((file) => `/archive/2/${file}`)));
    expect(await slugsAt(press, '/archive/2/')).toEqual(numbered(99, 50));
    expect((await press.finish()).written).toEqual([]);
  });

  it('begins nothing once the press is closed', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await publish(press, articlesOf(120));
    await press.close();
    expect((await press.finish()).written).toEqual([]);
  });
});

describe('an archive', () => {
  it('loses a withdrawn article with the publication that says so, and keeps its tombstone', async () => {
    const { publicDir, set, open } = await openNewsroom();
    const press = open();
    const articles = articlesOf(120);
    await publish(press, articles);
    await press.finish();
    const untouched = documentAt(press, '/archive/2/rss.xml');
    set.length = 0;
    const gone = articles.map((article, index) => (index === 7 ? withdraw(article, later) : article));
    const { written } = await publish(press, gone, later);
    expect(written).toEqual(expect.arrayContaining(formats.map((file) => `/archive/1/${file}`)));
    expect(set).toEqual([]);
    expect(await slugsAt(press, '/archive/1/')).toEqual(numbered(49, 0).filter((slug) => slug !== 's7'));
    expect(await slugsAt(press, '/archive/2/')).toEqual(numbered(99, 50));
    expect(documentAt(press, '/archive/2/rss.xml')).toBe(untouched);
    expect(await textAt(press, '/archive/1/atom.xml')).toContain(`<at:deleted-entry ref="${articles[7]?.id}"`);
    for (const path of await listFiles(publicDir)) {
      if (formats.some((file) => path.endsWith(`/${file}`))) {
        expect(await readFile(publicDir + path, 'utf8')).not.toContain('The full text of s7.');
      }
    }
  });

  it('has the same members in every part after an article that is dated back, and after one that is dated anew', async () => {
    const { open } = await openNewsroom();
    const press = open();
    const articles = articlesOf(120);
    await publish(press, articles);
    await press.finish();
    const [first, second] = [documentAt(press, '/archive/1/rss.xml'), documentAt(press, '/archive/2/rss.xml')];
    const dated = articleOf({ slug: 'dated-back', date: toInstant(start - 3_600_000), publishedAt: later });
    await publish(press, [...articles, dated], later);
    await press.finish();
    expect(documentAt(press, '/archive/1/rss.xml')).toBe(first);
    expect(documentAt(press, '/archive/2/rss.xml')).toBe(second);
    expect(await slugsAt(press, '/')).toContain('dated-back');

    const moved = articles.map((article, index) =>
      index === 3 ? { ...articleOf({ ...article, date: later }), archiveDate: article.archiveDate } : article,
    );
    await publish(press, [...moved, dated], later);
    await press.finish();
    expect(new Set(await slugsAt(press, '/archive/1/'))).toEqual(new Set(numbered(49, 0)));
    expect(documentAt(press, '/archive/2/rss.xml')).toBe(second);
  });

  it('gets its next part when that is full, and the part before it a link', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await publish(press, articlesOf(99));
    await press.finish();
    expect(press.find('/archive/2/rss.xml')).toBeNull();
    await publish(press, articlesOf(100), later);
    await press.finish();
    expect(await slugsAt(press, '/archive/2/')).toEqual(numbered(99, 50));
    expect(await textAt(press, '/archive/1/atom.xml')).toContain('rel="next-archive"');
    expect(await slugsAt(press, '/archive/1/')).toEqual(numbered(49, 0));
  });

  it('never serves what was withdrawn, however many parts change at once', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    // More archive documents than are made at once.
    const articles = articlesOf(21 * 50);
    await publish(press, articles);
    await press.finish();
    const everyFiftieth = articles.map((article, index) => (index % 50 === 7 ? withdraw(article, later) : article));
    await publish(press, everyFiftieth, later);
    const hidden = articles.filter((_, index) => index % 50 === 7).map(({ slug }) => `The full text of ${slug}.`);
    const holders: string[] = [];
    for (const path of await listFiles(publicDir)) {
      if (!formats.some((file) => path.endsWith(`/${file}`))) continue;
      const text = await readFile(publicDir + path, 'utf8');
      if (hidden.some((words) => text.includes(words))) holders.push(path);
    }
    expect(holders).toEqual([]);
    await press.finish();
    expect(await slugsAt(press, '/archive/1/')).toEqual(numbered(49, 0).filter((slug) => slug !== 's7'));
    expect(await slugsAt(press, '/archive/21/')).toHaveLength(49);
  }, 60_000);

  it('never serves what was withdrawn where another article is back at the same time', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    const articles = articlesOf(21 * 50);
    const out = (position: number): FullArticle[] =>
      articles.map((article, index) => (index % 50 === position ? withdraw(article, later) : article));
    await publish(press, out(7));
    await press.finish();
    await publish(press, out(8), later);
    const words = 'The full text of s8.';
    for (const file of formats) {
      const path = `/archive/1/${file}`;
      const served = press.find(path) ? await textAt(press, path) : '';
      const onDisk = await readFile(join(publicDir, path), 'utf8').catch(() => '');
      expect([path, served.includes(words), onDisk.includes(words)]).toEqual([path, false, false]);
    }
  }, 60_000);
});

describe('twins', () => {
  const unpack = { '.gz': gunzipSync, '.br': brotliDecompressSync };

  async function twinsEqual(publicDir: string): Promise<number> {
    let twins = 0;
    for (const path of await listFiles(publicDir)) {
      for (const [ending, decompress] of Object.entries(unpack)) {
        if (!path.endsWith(ending)) continue;
        const plain = await readFile(publicDir + path.slice(0, -ending.length));
        expect(decompress(await readFile(publicDir + path)).equals(plain), path).toBe(true);
        twins += 1;
      }
    }
    return twins;
  }

  it('lie beside every document and hold its bytes', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    await publish(press, articlesOf(60));
    expect(await twinsEqual(publicDir)).toBe(0);
    await press.finish();
    expect(await twinsEqual(publicDir)).toBe(2 * 33);
    await publish(press, articlesOf(61), later);
    await press.finish();
    expect(await twinsEqual(publicDir)).toBe(2 * 33);
    const document = documentAt(press, '/rss.xml');
    expect(await press.bytesOf(document, 'br')).toEqual(await readFile(join(publicDir, 'rss.xml.br')));
  });

  it('are never older than the document beside them', async () => {
    const { publicDir, open } = await openNewsroom();
    const articles = articlesOf(20);
    const press = open();
    await publish(press, articles);
    await press.finish();
    await publish(
      press,
      articles.map((article) => (article.slug === 's3' ? withdraw(article, later) : article)),
      later,
    );
    // Before and without `finish`: a file server would send them.
    await twinsEqual(publicDir);
  });

  it('are made by the next process where this one ended too early', async () => {
    const { publicDir, open } = await openNewsroom();
    await publish(open(), articlesOf(20));
    const press = open();
    await publish(press, articlesOf(20), later);
    await press.finish();
    expect(await twinsEqual(publicDir)).toBe(2 * 30);
  });

  it('are believed only where they hold their document’s bytes', async () => {
    const { publicDir, open } = await openNewsroom();
    const first = open();
    await publish(first, articlesOf(20));
    await first.finish();
    const press = open();
    await publish(press, articlesOf(20), later);
    for (const [ending, other] of [
      ['gz', gzipSync('another document')],
      ['br', Buffer.from('no brotli at all')],
    ] as const) {
      await writeFile(join(publicDir, `rss.xml.${ending}`), other);
    }
    const document = documentAt(press, '/rss.xml');
    const plain = await readFile(join(publicDir, 'rss.xml'));
    expect(gunzipSync(await press.bytesOf(document, 'gzip')).equals(plain)).toBe(true);
    expect(brotliDecompressSync(await press.bytesOf(document, 'br')).equals(plain)).toBe(true);
  });

  it('are removed with their documents', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    await publish(press, articlesOf(60));
    await press.finish();
    await access(join(publicDir, 'archive/1/rss.xml.gz'));
    // Articles that nobody remembers: the archive is gone as a whole.
    const { removed } = await publish(press, articlesOf(10), muchLater);
    expect(removed.toSorted()).toEqual(formats.map((file) => `/archive/1/${file}`).toSorted());
    expect((await listFiles(publicDir)).filter((path) => path.includes('archive'))).toEqual([]);
  });
});
