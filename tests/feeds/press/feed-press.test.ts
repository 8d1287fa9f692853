import { readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Instant } from '../../../src/clock.ts';
import { type FullArticle, publishedCatalog } from '../../../src/content/index.ts';
import { atom } from '../../../src/feeds/formats/atom.ts';
import { jsonFeed } from '../../../src/feeds/formats/json-feed.ts';
import { rss } from '../../../src/feeds/formats/rss.ts';
import type { FeedDocument } from '../../../src/feeds/index.ts';
import { type Log, silentLog } from '../../../src/log.ts';
import { articleOf, catalogOf, noon, parseFeed, siteOf } from '../../support/feed-fixtures.ts';
import { documentAt, listFiles, openNewsroom, publish, textAt } from '../../support/feed-newsroom.ts';

const later: Instant = '2023-04-10T13:00:00.000Z';
const muchLater: Instant = '2023-04-11T09:00:00.000Z';

const armenian = articleOf({ slug: 'armenian', countries: ['armenia'], topics: [], authors: [] });
const georgian = articleOf({ slug: 'georgian', countries: ['georgia'], topics: [], authors: [] });

describe('publish', () => {
  it('makes every document, keeps it for the server and writes it', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    const result = await publish(press, [armenian, georgian]);
    expect(result).toMatchObject({ documents: 30, removed: [], problems: [] });
    expect(result.written).toHaveLength(30);
    for (const path of result.written) {
      const document = documentAt(press, path);
      const file = join(publicDir, path);
      expect(await readFile(file)).toEqual(await press.bytesOf(document, 'identity'));
      expect((await stat(file)).size).toBe(document.size);
      expect((await stat(file)).mtimeMs).toBe(Date.parse(document.lastModified));
      expect(document).toMatchObject({ path, lastModified: noon });
    }
    expect((await listFiles(publicDir)).sort()).toEqual([...result.written, '/.silkpost-feeds.json'].sort());
    expect(documentAt(press, '/fa/countries/armenia/feed.json').format).toBe('json');
    expect(press.find('/nothing/rss.xml')).toBeNull();
  });

  it('gives an entry one id in all feeds and formats', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await publish(press, [armenian]);
    for (const root of ['/', '/countries/armenia/']) {
      const { rss, atom, json } = parseFeed({
        rss: await textAt(press, `${root}rss.xml`),
        atom: await textAt(press, `${root}atom.xml`),
        json: await textAt(press, `${root}feed.json`),
      });
      const ids = [rss.items?.[0]?.guid?.value, atom.entries?.[0]?.id, json.items?.[0]?.id];
      expect(ids).toEqual([armenian.id, armenian.id, armenian.id]);
    }
  });

  it('gives the same bytes and tags for the same input, in another folder too', async () => {
    const presses = [(await openNewsroom()).open(), (await openNewsroom()).open()];
    const documents: FeedDocument[][] = [];
    const texts: string[][] = [];
    for (const press of presses) {
      const { written } = await publish(press, [armenian, georgian]);
      documents.push(written.map((path) => documentAt(press, path)));
      texts.push(await Promise.all(written.map((path) => textAt(press, path))));
    }
    expect(documents[0]).toEqual(documents[1]);
    expect(texts[0]).toEqual(texts[1]);
    const etags = new Set(documents[0]?.map((document) => document.etag));
    expect(etags.size).toBe(30);
    for (const etag of etags) expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
  });

  it('writes and dates only what changed', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await publish(press, [armenian, georgian]);
    const georgia = documentAt(press, '/countries/georgia/rss.xml');
    const edited = articleOf({ ...armenian, html: '<p>Edited.</p>' });
    const { written } = await publish(press, [edited, georgian], later);
    const formats = ['rss.xml', 'atom.xml', 'feed.json'];
    expect([...written].sort()).toEqual(
      ['/', '/countries/armenia/'].flatMap((at) => formats.map((f) => at + f)).sort(),
    );
    expect(documentAt(press, '/rss.xml').lastModified).toBe(later);
    expect(documentAt(press, '/countries/georgia/rss.xml')).toBe(georgia);
    expect((await publish(press, [edited, georgian], muchLater)).written).toEqual([]);
  });

  it('renders only feeds whose entries or texts changed, and each entry once per format', async () => {
    const { open } = await openNewsroom();
    const rendered: string[] = [];
    const documents: string[] = [];
    const watched: typeof rss = {
      renderEntry: (entry) => {
        rendered.push(entry.url);
        return rss.renderEntry(entry);
      },
      renderDocument: (feed, entries) => {
        documents.push(feed.path);
        return rss.renderDocument(feed, entries);
      },
    };
    const press = open({ renderers: { rss: watched, atom, json: jsonFeed } });
    await publish(press, [armenian, georgian]);
    expect(rendered.toSorted()).toEqual([armenian.url, georgian.url]);
    documents.length = 0;
    await publish(press, [armenian, georgian], later);
    expect(documents).toEqual([]);
    await publish(press, [armenian], muchLater);
    expect(new Set(documents)).toEqual(new Set(['/', '/countries/georgia/']));
    expect(rendered).toHaveLength(2);
  });

  it('keeps the time of the last change over a restart, and moves it when an article is withdrawn', async () => {
    const { publicDir, open } = await openNewsroom();
    await publish(open(), [armenian, georgian]);
    const restarted = open();
    expect((await publish(restarted, [armenian, georgian], later)).written).toEqual([]);
    expect(documentAt(restarted, '/rss.xml').lastModified).toBe(noon);
    const withdrawn = articleOf({ ...georgian, status: 'withdrawn' });
    const again = open();
    await publish(again, [armenian, withdrawn], muchLater);
    expect(documentAt(again, '/rss.xml').lastModified).toBe(muchLater);
    expect((await stat(join(publicDir, 'rss.xml'))).mtimeMs).toBe(Date.parse(muchLater));
    expect(documentAt(again, '/countries/armenia/rss.xml').lastModified).toBe(noon);
  });

  it('dates each change a second after the one before at least, though they come faster or the clock is set back', async () => {
    const { open } = await openNewsroom();
    const press = open();
    const dates: string[] = [];
    for (const [number, now] of [
      noon,
      '2023-04-10T12:00:00.200Z' as const,
      '2023-04-09T00:00:00.000Z' as const,
    ].entries()) {
      await press.publish(catalogOf([articleOf({ ...armenian, html: `<p>Version ${number}.</p>` })], noon), now);
      dates.push(documentAt(press, '/rss.xml').lastModified);
    }
    expect(dates).toEqual([noon, '2023-04-10T12:00:01.000Z', '2023-04-10T12:00:02.000Z']);
  });

  it('publishes an embargoed article at its instant, and dates the document by it', async () => {
    const { open } = await openNewsroom();
    const press = open();
    const scheduled = articleOf({ slug: 'embargo', date: later });
    await publish(press, [scheduled]);
    expect(await textAt(press, '/rss.xml')).not.toContain('embargo');
    await publish(press, [scheduled], later);
    expect(await textAt(press, '/rss.xml')).toContain('embargo');
    expect(documentAt(press, '/rss.xml').lastModified).toBe(later);
  });

  it('writes nothing of a draft, scheduled or withdrawn article into any file', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    const secret = (slug: string, changes: Partial<FullArticle>): FullArticle =>
      articleOf({ slug, title: `SECRET ${slug}`, html: `<p>SECRET ${slug}</p>`, ...changes });
    const hidden = [
      secret('draft', { status: 'draft', publishedAt: null }),
      secret('scheduled', { date: muchLater, publishedAt: null }),
      secret('withdrawn', { status: 'withdrawn' }),
    ];
    const open_ = secret('later-withdrawn', {});
    await publish(press, [armenian, open_, ...hidden]);
    expect(await readFile(join(publicDir, 'rss.xml'), 'utf8')).toContain('SECRET later-withdrawn');
    await publish(press, [armenian, articleOf({ ...open_, status: 'draft' }), ...hidden], later);
    for (const file of await listFiles(publicDir)) {
      expect(await readFile(join(publicDir, file), 'utf8')).not.toContain('SECRET');
    }
  });

  it('writes again what is missing on disk', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    await publish(press, [armenian]);
    await rm(join(publicDir, 'fa'), { recursive: true });
    const { written } = await publish(press, [armenian], later);
    expect(written).toHaveLength(15);
    expect(written.every((path) => path.startsWith('/fa/'))).toBe(true);
    expect((await stat(join(publicDir, 'fa/rss.xml'))).mtimeMs).toBe(Date.parse(noon));
  });

  it('notices feeds that another process wrote over with older ones, and lays out its own again', async () => {
    const { publicDir, open } = await openNewsroom();
    const [service, build] = [open(), open()];
    await publish(service, [armenian]);
    await publish(build, [armenian]);
    await publish(service, [armenian, georgian], later);
    expect(service.areThere()).toBe(true);
    // As one that had read the articles before.
    await publish(build, [articleOf({ ...armenian, title: 'Older' })], later);
    expect(service.areThere()).toBe(false);
    await expect(textAt(service, '/rss.xml')).rejects.toThrow('isn’t in the public folder');
    await publish(service, [armenian, georgian], later);
    expect(service.areThere()).toBe(true);
    expect(await textAt(service, '/rss.xml')).toBe(await readFile(join(publicDir, 'rss.xml'), 'utf8'));
    expect(await textAt(service, '/rss.xml')).toContain('georgian');
  });

  it('removes the documents of a feed that exists no longer, and no file of others', async () => {
    const { publicDir, open } = await openNewsroom();
    await publish(open(), [armenian]);
    await writeFile(join(publicDir, 'countries/others.xml'), '<mine/>');
    const { georgia, ...countries } = siteOf().countries;
    const press = open({ site: siteOf({ countries, languages: ['en'] }) });
    const { documents, removed } = await publish(press, [armenian], later);
    expect(documents).toBe(12);
    expect(removed).toHaveLength(18);
    expect(removed).toContain('/countries/georgia/rss.xml');
    expect(removed).toContain('/fa/feed.json');
    expect(await listFiles(publicDir)).toHaveLength(14);
    expect(await readFile(join(publicDir, 'countries/others.xml'), 'utf8')).toBe('<mine/>');
    expect(georgia).toBeDefined();
    const returned = open();
    await publish(returned, [armenian], muchLater);
    expect(documentAt(returned, '/fa/rss.xml').lastModified).toBe(muchLater);
  });

  it('leaves out and reports an entry that wouldn’t parse back', async () => {
    const { open } = await openNewsroom();
    const events: unknown[] = [];
    const log: Log = { ...silentLog, warn: (event, fields) => events.push({ event, ...fields }) };
    for (const broken of ['<item><title>', '<item>\u0001</item>', '<item a=1></item>']) {
      const faulty: typeof rss = {
        ...rss,
        renderEntry: (entry) => (entry.id === georgian.id ? broken : rss.renderEntry(entry)),
      };
      const press = open({ log, renderers: { rss: faulty, atom, json: jsonFeed } });
      const { problems } = await publish(press, [armenian, georgian]);
      expect(problems.map(({ path, entry }) => [path, entry])).toEqual([
        ['/rss.xml', georgian.id],
        ['/countries/georgia/rss.xml', georgian.id],
      ]);
      const document = await textAt(press, '/rss.xml');
      expect(document).toContain(armenian.id);
      expect(document).not.toContain(georgian.id);
      expect(await textAt(press, '/atom.xml')).toContain(georgian.id);
    }
    expect(events).toContainEqual(expect.objectContaining({ event: 'problem', path: '/rss.xml', entry: georgian.id }));
  });

  it('keeps the last good document where a new one wouldn’t parse back', async () => {
    const { publicDir, open } = await openNewsroom();
    let broken = false;
    const faulty: typeof jsonFeed = {
      ...jsonFeed,
      renderDocument: (feed, entries) => (broken ? Buffer.from('{"items": [') : jsonFeed.renderDocument(feed, entries)),
    };
    const press = open({ renderers: { rss, atom, json: faulty } });
    await publish(press, [armenian]);
    const good = documentAt(press, '/feed.json');
    const body = await press.bytesOf(good, 'identity');
    broken = true;
    const { problems, documents } = await publish(press, [armenian, georgian], later);
    expect(problems).toContainEqual(expect.objectContaining({ path: '/feed.json', entry: null }));
    expect(documents).toBe(30);
    expect(documentAt(press, '/feed.json')).toBe(good);
    expect(await readFile(join(publicDir, 'feed.json'))).toEqual(body);
    expect(await press.bytesOf(documentAt(press, '/feed.json'), 'identity')).toEqual(body);
    expect(await textAt(press, '/rss.xml')).toContain(georgian.id);
    broken = false;
    expect((await publish(press, [armenian, georgian], muchLater)).problems).toEqual([]);
    expect(documentAt(press, '/feed.json').lastModified).toBe(muchLater);
  });

  it('serves from memory and reports where the folder can’t be written', async () => {
    const { publicDir, open } = await openNewsroom();
    await writeFile(publicDir, 'a file stands in the folder’s place');
    const press = open();
    const { documents, written, problems } = await publish(press, [armenian]);
    expect({ documents, written }).toEqual({ documents: 30, written: [] });
    expect(problems).toHaveLength(1);
    expect(await textAt(press, '/rss.xml')).toContain(armenian.id);
  });

  it('holds no older document in memory where the folder can’t be written', async () => {
    const { publicDir, open } = await openNewsroom();
    await writeFile(publicDir, 'a file stands in the folder’s place');
    const press = open();
    await publish(press, [armenian, georgian]);
    const [replaced, same] = [documentAt(press, '/rss.xml'), documentAt(press, '/fa/rss.xml')];
    await publish(press, [articleOf({ ...armenian, html: '<p>Edited.</p>' }), georgian], later);
    for (const { path } of [replaced, same]) expect(await textAt(press, path)).toContain('<rss');
    for (const old of [replaced, same]) {
      await expect(press.bytesOf(old, 'identity')).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it('writes the rest where a part of the folder can’t even be looked at', async () => {
    const { publicDir, open } = await openNewsroom();
    const first = open();
    await publish(first, [armenian]);
    await first.finish();
    await rm(join(publicDir, 'fa'), { recursive: true });
    await symlink('fa', join(publicDir, 'fa'));
    const press = open();
    const { written, problems } = await publish(press, [armenian, georgian], later);
    expect(written).toContain('/countries/georgia/rss.xml');
    expect(problems.map(({ path }) => path)).toContain('/fa/rss.xml');
    expect(await textAt(press, '/fa/rss.xml')).toContain('<rss');
  });

  it('shows a reader of the folder whole documents only', async () => {
    const { publicDir, open } = await openNewsroom();
    const press = open();
    const versions = [1, 2].map((version) =>
      Array.from({ length: 40 }, (_, index) =>
        articleOf({ slug: `s${index}`, html: `<p>Version ${version}. ${'Text. '.repeat(500 * version)}</p>` }),
      ),
    );
    await publish(press, versions[0] ?? []);
    let publishing = true;
    const writer = async (): Promise<void> => {
      for (let round = 0; round < 6; round += 1) await publish(press, versions[round % 2] ?? [], later);
      publishing = false;
    };
    let reads = 0;
    const reader = async (): Promise<void> => {
      while (publishing) {
        const document: { items: { content_html: string }[] } = JSON.parse(
          await readFile(join(publicDir, 'feed.json'), 'utf8'),
        );
        expect(new Set(document.items.map((item) => item.content_html)).size).toBe(1);
        expect(document.items).toHaveLength(40);
        reads += 1;
      }
    };
    await Promise.all([writer(), reader()]);
    expect(reads).toBeGreaterThan(2);
  });

  it('serves and writes nothing new before it may, and nothing at all where it may not', async () => {
    const { publicDir, set, open } = await openNewsroom();
    const press = open();
    const gate = Promise.withResolvers<void>();
    onTestFinished(() => gate.resolve());
    const publishing = press.publish(catalogOf([armenian], noon), noon, { ready: () => gate.promise });
    // The work goes on meanwhile.
    await vi.waitFor(() => expect(set).toEqual([armenian.title]), { interval: 5 });
    expect(press.find('/rss.xml')).toBeNull();
    await expect(readFile(join(publicDir, 'rss.xml'))).rejects.toMatchObject({ code: 'ENOENT' });
    gate.resolve();
    await publishing;
    const before = documentAt(press, '/rss.xml');
    const ready = (): Promise<never> => Promise.reject(new Error('The database is locked.'));
    const refused = press.publish(catalogOf([armenian, georgian], later), later, { ready });
    await expect(refused).rejects.toThrow('The database is locked.');
    expect(documentAt(press, '/rss.xml')).toBe(before);
    await publish(press, [armenian, georgian], muchLater);
    expect(documentAt(press, '/rss.xml').lastModified).toBe(muchLater);
  });

  it('lets calls at the same time wait for one another', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await Promise.all([
      publish(press, [armenian]),
      publish(press, [armenian, georgian], later),
      publish(press, [georgian], muchLater),
    ]);
    const home = await textAt(press, '/rss.xml');
    expect([home.includes(armenian.id), home.includes(georgian.id)]).toEqual([false, true]);
  });

  it('lets the event loop run while it renders', async () => {
    const { open } = await openNewsroom();
    const press = open();
    const articles = Array.from({ length: 300 }, (_, index) => articleOf({ slug: `s${index}` }));
    const catalog = publishedCatalog({ articles, problems: [] }, ['en', 'fa'], noon);
    let turns = 0;
    let rendering = true;
    const turn = (): void => {
      turns += 1;
      if (rendering) setImmediate(turn);
    };
    setImmediate(turn);
    await press.publish(catalog, noon);
    rendering = false;
    expect(turns).toBeGreaterThan(30);
  });
});

describe('bytesOf', () => {
  it('gives the document’s bytes, compressed once', async () => {
    const { open } = await openNewsroom();
    const press = open();
    await publish(press, [armenian]);
    const document = documentAt(press, '/rss.xml');
    const plain = await press.bytesOf(document, 'identity');
    for (const [coding, decompress] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const [first, second] = await Promise.all([press.bytesOf(document, coding), press.bytesOf(document, coding)]);
      expect(first).toBe(second);
      expect(press.bytesOf(document, coding)).toBe(first);
      expect(decompress(first)).toEqual(plain);
      expect(first.length).toBeLessThan(plain.length);
    }
  });
});
