import { appendFile, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../src/clock.ts';
import type { Article } from '../../src/content/index.ts';
import { createSelectionFeed, type Feed } from '../../src/feeds/index.ts';
import { entrySource } from '../support/entry-source.ts';
import { articleOf, catalogOf, noon, parseFeed, siteOf } from '../support/feed-fixtures.ts';
import { documentAt, listFiles, openNewsroom, publish, textAt } from '../support/feed-newsroom.ts';

const later: Instant = '2023-04-10T13:00:00.000Z';
const articles = Array.from({ length: 12 }, (_, index) => articleOf({ slug: `s${index}`, title: `Title ${index}` }));

/** A selection's feed, as the web makes it. */
function selectionOf(some: readonly Article[]): Feed {
  const selection = { countries: ['armenia'], topics: ['security'], authors: [] };
  const options = { items: 50, days: 3, maxAge: 900, hubs: [] };
  return createSelectionFeed(siteOf(), options, 'en', selection, catalogOf(some), noon);
}

async function contentsOf(dir: string): Promise<Record<string, string>> {
  const files = await listFiles(dir);
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(dir + file, 'base64')])));
}

describe('publish in a second process', () => {
  it('writes nothing and sets nothing where nothing changed, and knows every document', async () => {
    const { publicDir, set, open } = await openNewsroom();
    const first = open();
    const { written, isFirst } = await publish(first, articles);
    expect(isFirst).toBe(true);
    expect(set).toHaveLength(12);
    const before = await contentsOf(publicDir);
    set.length = 0;

    const second = open();
    const again = await publish(second, articles, later);
    expect(again).toMatchObject({ documents: 30, isFirst: false, written: [], removed: [], problems: [] });
    expect(set).toEqual([]);
    expect(await contentsOf(publicDir)).toEqual(before);
    for (const path of written) {
      expect(documentAt(second, path)).toEqual(documentAt(first, path));
      expect(await textAt(second, path)).toBe(await textAt(first, path));
    }
  });

  it('announces again what a first process announced and could not remember', async () => {
    const { store, open } = await openNewsroom();
    const broken = { ...store, saveDocuments: () => Promise.reject(new Error('killed')) };
    const heard: string[][] = [];
    const announce = async (documents: readonly { readonly path: string }[]): Promise<void> => {
      heard.push(documents.map(({ path }) => path));
    };
    const catalog = catalogOf(articles);
    await publish(open(), articles.slice(1));
    await expect(open({ store: broken }).publish(catalog, later, { announce })).rejects.toThrow('killed');
    const next = open();
    await next.publish(catalog, later, { announce });
    await next.publish(catalog, later, { announce });
    expect(heard[0]).toHaveLength(12);
    expect(heard).toEqual([heard[0], heard[0], []]);
  });

  it('sets exactly one entry anew where one article changed', async () => {
    const { set, open } = await openNewsroom();
    await publish(open(), articles);
    set.length = 0;
    const [one, ...rest] = articles;
    const edited = articleOf({ ...one, title: 'Edited', html: '<p>Edited.</p>' });
    const press = open();
    const { written, problems } = await publish(press, [edited, ...rest], later);
    expect(set).toEqual(['Edited']);
    expect(problems).toEqual([]);
    // Home, Armenia, security and Ana, in three formats.
    expect(written).toHaveLength(12);
    const { rss, atom, json } = parseFeed({
      rss: await textAt(press, '/rss.xml'),
      atom: await textAt(press, '/atom.xml'),
      json: await textAt(press, '/feed.json'),
    });
    expect([rss.items?.length, atom.entries?.length, json.items?.length]).toEqual([12, 12, 12]);
    const fresh = (await openNewsroom()).open();
    await publish(fresh, [edited, ...rest], later);
    for (const path of written) expect(await textAt(press, path)).toBe(await textAt(fresh, path));
  });

  it('never takes the entry of an article for that of another with the same text: its id stands in it', async () => {
    const { set, open } = await openNewsroom();
    const [one, ...rest] = articles;
    await publish(open(), articles);
    set.length = 0;
    // A file that was moved and given another id; what readers see of it is the same.
    const id = 'tag:dispatch.example,2023:en/moved';
    const moved = { ...articleOf({ ...one }), contentHash: one?.contentHash ?? '', id };
    const press = open();
    await publish(press, [moved, ...rest], later);
    expect(set).toEqual(['Title 0']);
    const { rss, atom, json } = parseFeed({
      rss: await textAt(press, '/rss.xml'),
      atom: await textAt(press, '/atom.xml'),
      json: await textAt(press, '/feed.json'),
    });
    const ids = [
      rss.items?.map(({ guid }) => guid?.value),
      atom.entries?.map((entry) => entry.id),
      json.items?.map((item) => item.id),
    ];
    for (const some of ids) {
      expect(some).toContain(id);
      expect(some).not.toContain(one?.id);
    }
  });

  it('sets nothing where an article was only taken out of a document', async () => {
    const { set, open } = await openNewsroom();
    await publish(open(), articles);
    set.length = 0;
    const press = open();
    await publish(press, articles.slice(1), later);
    expect(set).toEqual([]);
    expect(await textAt(press, '/rss.xml')).not.toContain(articles[0]?.id);
  });

  it('writes a file anew that was altered, cut or removed meanwhile, with its time', async () => {
    const { publicDir, open } = await openNewsroom();
    await publish(open(), articles);
    const good = await contentsOf(publicDir);
    await appendFile(join(publicDir, 'rss.xml'), '<!-- somebody was here -->');
    await writeFile(join(publicDir, 'atom.xml'), '<feed');
    await rm(join(publicDir, 'feed.json'));
    const press = open();
    const { written } = await publish(press, articles, later);
    expect(written.toSorted()).toEqual(['/atom.xml', '/feed.json', '/rss.xml']);
    expect(await contentsOf(publicDir)).toEqual(good);
    for (const path of written) {
      expect(documentAt(press, path).lastModified).toBe(noon);
      expect((await stat(publicDir + path)).mtimeMs).toBe(Date.parse(noon));
    }
  });

  it('never takes an entry from a file whose bytes aren’t what was written, although its size and time are', async () => {
    const { publicDir, open } = await openNewsroom();
    await publish(open(), articles);
    for (const name of ['rss.xml', 'atom.xml', 'feed.json']) {
      const file = join(publicDir, name);
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replaceAll('The full text of', 'The fake text of'));
      await utimes(file, Date.parse(noon) / 1000, Date.parse(noon) / 1000);
      expect((await stat(file)).size).toBe(Buffer.byteLength(text));
    }
    const press = open();
    const added = articleOf({ slug: 'added', date: '2023-04-10T10:00:00.000Z' });
    await publish(press, [...articles, added], later);
    for (const name of ['rss.xml', 'atom.xml', 'feed.json']) {
      expect(await readFile(join(publicDir, name), 'utf8')).not.toContain('fake');
      expect(await textAt(press, `/${name}`)).not.toContain('fake');
    }
  });

  it('makes everything anew for another publication’s texts', async () => {
    const { set, open } = await openNewsroom();
    await publish(open(), articles);
    set.length = 0;
    const countries = { armenia: { title: { en: 'Hayastan' } }, georgia: { title: { en: 'Georgia' } } };
    const press = open({ site: siteOf({ countries }) });
    await publish(press, articles, later);
    expect(set).toHaveLength(12);
    expect(await textAt(press, '/rss.xml')).toContain('Hayastan');
    expect(await textAt(press, '/rss.xml')).not.toContain('>Armenia<');
  });

  it('tries again what was left out before, and that alone', async () => {
    const { set, open } = await openNewsroom();
    const whole = entrySource(siteOf());
    const changing = articles[3]?.id;
    const broken = open({
      source: {
        set: async (items) =>
          (await whole.set(items)).map((entry, index) => (items[index]?.id === changing ? null : entry)),
      },
    });
    const { problems } = await publish(broken, articles);
    expect(problems.map(({ path, entry }) => [path, entry])).toContainEqual(['/rss.xml', changing]);
    expect(await textAt(broken, '/rss.xml')).not.toContain('Title 3<');
    const press = open();
    expect(await publish(press, articles, later)).toMatchObject({ problems: [] });
    expect(set).toEqual(['Title 3']);
    expect(await textAt(press, '/rss.xml')).toContain('Title 3<');
    expect(documentAt(press, '/rss.xml').lastModified).toBe(later);
  });
});

describe('printOnDemand', () => {
  it('makes a document that lies nowhere, from pieces that are there, and keeps it', async () => {
    const { publicDir, set, open } = await openNewsroom();
    const press = open();
    await publish(press, articles);
    await press.finish();
    const files = await listFiles(publicDir);
    set.length = 0;
    const feed = selectionOf(articles.slice(2, 7));
    const document = await press.printOnDemand(feed, 'atom');
    expect(set).toEqual([]);
    expect(document).toMatchObject({
      path: '/feeds/select/atom.xml',
      url: feed.urls.atom,
      maxAge: 900,
      format: 'atom',
    });
    const text = (await press.bytesOf(document, 'identity')).toString();
    expect(document.size).toBe(Buffer.byteLength(text));
    expect([...text.matchAll(/<entry/g)]).toHaveLength(5);
    expect(await press.printOnDemand(selectionOf(articles.slice(2, 7)), 'atom')).toBe(document);
    expect(await press.printOnDemand(selectionOf(articles.slice(2, 8)), 'atom')).not.toBe(document);
    expect(await listFiles(publicDir)).toEqual(files);
    expect(press.find('/feeds/select/atom.xml')).toBeNull();
  });

  it('sets what no document holds', async () => {
    const { set, open } = await openNewsroom();
    const press = open();
    const document = await press.printOnDemand(selectionOf(articles.slice(0, 2)), 'json');
    expect(set.toSorted()).toEqual(['Title 0', 'Title 1']);
    const text = (await press.bytesOf(document, 'identity')).toString();
    expect(JSON.parse(text)).toMatchObject({ items: [{ title: 'Title 0' }, { title: 'Title 1' }] });
  });

  it('keeps a bounded number of documents, the ones that were asked for last', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await publish(press, articles);
    const ask = (number: number) =>
      press.printOnDemand({ ...selectionOf(articles.slice(0, 1)), title: `Selection ${number}` }, 'rss');
    const first = await ask(0);
    const second = await ask(1);
    for (let number = 2; number < 64; number++) await ask(number);
    expect(await ask(0)).toBe(first);
    await ask(64);
    expect(await ask(0)).toBe(first);
    expect(await ask(1)).not.toBe(second);
    expect(await ask(1)).toEqual(second);
    // Who is just being answered with a document that isn’t kept any more gets its bytes all the same, or a clear refusal.
    await expect(Promise.resolve(press.bytesOf(first, 'identity'))).resolves.toBeInstanceOf(Buffer);
  });
});
