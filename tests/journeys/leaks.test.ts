import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { crawl } from '../support/crawl.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { freePort } from '../support/free-port.ts';
import { rawRequest } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { smallPublication } from '../support/publication-folder.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Where a crawl begins; what doesn't exist answers 404 and leads nowhere. */
const entrances = ['', '/fa'].flatMap((prefix) =>
  [
    ...['/', '/feeds', '/newsletters', '/sitemap.xml', '/news-sitemap.xml', '/feeds.opml', '/newsletters/weekly'],
    ...['rss.xml', 'atom.xml', 'feed.json'].flatMap((name) => [
      ...['/', '/countries/armenia/', '/countries/georgia/', '/archive/1/', '/newsletters/weekly/'].map(
        (folder) => folder + name,
      ),
      `/feeds/select/${name}`,
      `/feeds/select/${name}?country=armenia`,
      `/feeds/select/${name}?countries=armenia`,
      `/feeds/select/${name}?countries=armenia,georgia`,
    ]),
    ...['/articles', '/articles/', '/countries', '/countries/armenia', '/archive', '/archive/1', '/search?q=zx'],
  ].map((path) => prefix + path),
);
const others = ['/robots.txt', '/healthz', '/readyz', '/sitemap-index.xml', '/opml.xml', '/.silkpost-feeds.json'];

/** An article whose every text holds `word` and whose every address holds `slug`. */
function article(word: string, slug: string, fields: Readonly<Record<string, string>> = {}): string {
  const lines = {
    title: `Title ${word}`,
    summary: `Summary ${word}`,
    date: '2026-03-02T10:00:00Z',
    slug,
    countries: '[armenia]',
    authors: `[{ name: Author ${word}, url: "https://people.example/${slug}" }]`,
    place: `Place ${word}`,
    image: `{ src: ${slug}-map.png, alt: Alt ${word}, caption: Caption ${word}, credit: Credit ${word} }`,
    aliases: `[/old/${slug}]`,
    sources: `[{ title: Source ${word}, url: "https://sources.example/${slug}" }]`,
    corrections: `[{ date: 2026-03-02, text: Correction ${word} }]`,
    ...fields,
  };
  const front = Object.entries(lines).map(([key, value]) => `${key}: ${value}`);
  return `---\n${front.join('\n')}\n---\n\n## Heading ${word}\n\nBody ${word}. ![Inside ${word}](${slug}-inside.png)\n`;
}

/** A publication with a hub, a server and something of every kind that is not to be seen. */
async function openNewsroom() {
  const [dir, hub, port] = [await smallPublication(), await startHub(), await freePort()];
  await appendFile(join(dir, 'silkpost.yaml'), `feeds: { hubs: ["${hub.url}"] }\n`);
  const clock = fixedClock('2026-03-02T12:00:00Z');
  const app = await openApp(readConfig({ dir, environment: { SILKPOST_PORT: String(port) } }), { clock });
  onTestFinished(() => app.close());
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port });
  onTestFinished(() => server.close());

  const file = (name: string): string => join(dir, 'content', name);
  const write = async (name: string, slug: string, text: string): Promise<void> => {
    await writeFile(file(name), text);
    for (const picture of ['map', 'inside']) await writeFile(file(`${slug}-${picture}.png`), png);
  };
  const origin = app.config.site.url;

  /** Everything that anybody outside could get, by where it was found: each page, each file, each ping. */
  const gather = async (): Promise<Map<string, string>> => {
    await app.rebuild();
    expect((await app.hubs.sendNow(60_000)).left).toBe(0);
    const found = new Map<string, string>();
    const answers = await crawl(origin, [...entrances, ...others]);
    for (const [path, { status, headers, body }] of answers) {
      found.set(`${origin}${path}`, `${path} ${status} ${JSON.stringify(headers)} ${body}`);
    }
    for (const entry of await readdir(app.publicDir, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      found.set(path, `${path.slice(app.publicDir.length)} ${entry.isFile() ? await readPlain(path) : ''}`);
    }
    for (const [index, { body }] of hub.requests.entries()) found.set(`ping ${index}`, decodeURIComponent(body));
    return found;
  };
  const status = async (path: string): Promise<number> => (await rawRequest(origin, path)).status;
  /** Status, target and text. */
  const answerTo = async (path: string): Promise<string> => {
    const { status: code, headers, body } = await rawRequest(origin, path);
    return `${code} ${headers.location ?? ''} ${body}`;
  };
  return { clock, file, write, gather, status, answerTo, origin };
}

/** The text of a file, of its compressed twin too. */
async function readPlain(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString('latin1');
  return (path.endsWith('.br') ? brotliDecompressSync(bytes) : bytes).toString('latin1');
}

/** The places that hold a word. */
function placesOf(found: ReadonlyMap<string, string>, word: string): string[] {
  return [...found].flatMap(([place, text]) => (text.includes(word) ? [place] : []));
}

/** Addresses of an article that somebody might try. */
function guesses(slug: string): string[] {
  return ['', '/fa'].flatMap((prefix) =>
    [
      `/articles/${slug}`,
      `/articles/${slug}/`,
      `/articles/${slug}.md`,
      `/articles/${slug}.html`,
      `/articles/${slug}?preview=true`,
      `/articles/2026-03-02-${slug}`,
      `/articles/${slug}/${slug}-map.png`,
      `/articles/${slug}/${slug}-inside.png`,
      `/articles/${slug.toUpperCase()}`,
      `/articles/%2e%2e/content/2026-03-02-${slug}.md`,
      `/content/2026-03-02-${slug}.md`,
      `/${slug}-map.png`,
      `/old/${slug}`,
    ].map((path) => prefix + path),
  );
}

describe('what is not published', () => {
  it('is nowhere: not a draft, not an embargo, not a broken file, in no page, feed, file or ping', async () => {
    const { clock, write, gather, status, answerTo, origin } = await openNewsroom();
    await write('2026-03-01-bridge.md', 'bridge', article('openword', 'bridge', { date: '2026-03-01T10:00:00Z' }));
    const [draft, translation, embargo, broken] = ['zxdraft', 'zxtranslation', 'zxembargo', 'zxbroken'];
    await write('2026-03-02-zxdraft-slug.md', 'zxdraft-slug', article(draft, 'zxdraft-slug', { status: 'draft' }));
    const fields = { status: 'draft', lang: 'fa', translationOf: 'bridge' };
    await write('zxtranslation-slug.md', 'zxtranslation-slug', article(translation, 'zxtranslation-slug', fields));
    const later = { date: '2026-03-02T13:00:00Z', countries: '[georgia]' };
    await write('2026-03-02-zxembargo-slug.md', 'zxembargo-slug', article(embargo, 'zxembargo-slug', later));
    await write('zxbroken-slug.md', 'zxbroken-slug', article(broken, 'zxbroken-slug', { priority: 'wrong' }));

    const before = await gather();
    expect(before.size).toBeGreaterThan(60);
    // What is published is found in all kinds of places, so the words would be as well.
    const open = placesOf(before, 'openword').join('\n');
    expect(open).toContain(`${origin}/articles/bridge\n`);
    for (const name of ['rss.xml', 'atom.xml', 'feed.json']) {
      expect(open).toContain(`${origin}/${name}\n`);
      expect(open).toContain(`public/${name}`);
    }
    for (const word of [draft, translation, embargo, broken]) expect(placesOf(before, word)).toEqual([]);
    // Nobody can tell from an answer whether something is there: it is the same as for a slug that nobody ever used.
    const [unused, ...slugs] = ['zxunused', draft, translation, embargo, broken].map((word) => `${word}-slug`);
    const answersFor = async (slug = ''): Promise<string[]> =>
      Promise.all(guesses(slug).map(async (path) => (await answerTo(path)).replaceAll(new RegExp(slug, 'gi'), 'SLUG')));
    const unknown = await answersFor(unused);
    for (const answer of unknown) expect(answer).toMatch(/^(?:404|301) /);
    for (const slug of slugs) expect([slug, await answersFor(slug)]).toEqual([slug, unknown]);

    clock.set('2026-03-02T13:00:00Z');
    const after = await gather();
    const places = placesOf(after, embargo);
    expect(places).toEqual(
      expect.arrayContaining([
        `${origin}/`,
        `${origin}/articles/zxembargo-slug`,
        `${origin}/rss.xml`,
        `${origin}/countries/georgia/feed.json`,
      ]),
    );
    expect(places.join('\n')).toContain('public/articles/zxembargo-slug');
    expect(await status('/articles/zxembargo-slug')).toBe(200);
    expect(await status('/articles/zxembargo-slug/zxembargo-slug-map.png')).toBe(200);
    for (const word of [draft, translation, broken]) expect(placesOf(after, word)).toEqual([]);
  });

  it('is named by no link either, until it is out', async () => {
    const { clock, file, write, gather, origin } = await openNewsroom();
    const slugs = ['zxdraft', 'zxembargo', 'zxwithdrawn'].map((word) => `${word}-slug`);
    const link = (path: string): string => `[Read on](${path}#part)`;
    const links = [...slugs.map((slug) => link(`${slug}.md`)), link('_drafts/zxidea.md'), link('.zxhidden/zxnote.md')];
    const bridge = article('openword', 'bridge', { date: '2026-03-01T10:00:00Z' });
    await write('2026-03-01-bridge.md', 'bridge', `${bridge}\n${links.join('\n\n')}\n`);
    const textOf = (slug: string, fields: Readonly<Record<string, string>>): string =>
      article('otherword', slug, { ...fields, id: `tag:courier.example,2026:${slugs.indexOf(slug)}` });
    const [draft = '', embargo = '', withdrawn = ''] = slugs;
    await write(`${draft}.md`, draft, textOf(draft, { status: 'draft' }));
    await write(`${embargo}.md`, embargo, textOf(embargo, { date: '2026-03-02T13:00:00Z' }));
    await write(`${withdrawn}.md`, withdrawn, textOf(withdrawn, { status: 'withdrawn' }));
    await mkdir(file('.zxhidden'));
    await writeFile(file('.zxhidden/zxnote.md'), textOf('zxnote', {}));

    const before = await gather();
    expect(before.get(`${origin}/articles/bridge`)).toContain('Read on');
    for (const word of ['zxdraft', 'zxembargo', 'zxwithdrawn', 'zxidea', 'zxhidden', 'zxnote']) {
      expect([word, placesOf(before, word)]).toEqual([word, []]);
    }

    const linked = (found: ReadonlyMap<string, string>, slug: string): boolean[] =>
      ['/articles/bridge', '/rss.xml', '/atom.xml', '/feed.json'].map(
        (path) => found.get(origin + path)?.includes(`/articles/${slug}#part`) === true,
      );
    const [all, none] = [Array(4).fill(true), Array(4).fill(false)];
    await writeFile(file(`${draft}.md`), textOf(draft, {}));
    const published = await gather();
    expect(slugs.map((slug) => linked(published, slug))).toEqual([all, none, none]);
    clock.set('2026-03-02T13:00:00Z');
    const after = await gather();
    expect(slugs.map((slug) => linked(after, slug))).toEqual([all, all, none]);
    expect(placesOf(after, 'zxwithdrawn')).toEqual([]);
  });

  it('goes from everywhere when it is withdrawn, deleted or made a draft again, and answers 410', async () => {
    const { file, write, gather, status, origin } = await openNewsroom();
    await write('2026-03-01-bridge.md', 'bridge', article('openword', 'bridge', { date: '2026-03-01T10:00:00Z' }));
    const words = ['zxwithdrawn', 'zxdeleted', 'zxredrafted'];
    // An id of its own: a tombstone may name it.
    const textOf = (word: string, fields: Readonly<Record<string, string>> = {}): string =>
      article(word, `${word}-slug`, { id: `tag:courier.example,2026:${words.indexOf(word)}`, ...fields });
    for (const word of words) await write(`${word}-slug.md`, `${word}-slug`, textOf(word));

    const before = await gather();
    for (const word of words) {
      expect(placesOf(before, word)).toEqual(
        expect.arrayContaining([`${origin}/`, `${origin}/atom.xml`, `${origin}/articles/${word}-slug`]),
      );
      expect(await status(`/articles/${word}-slug/${word}-slug-map.png`)).toBe(200);
    }

    await writeFile(file('zxwithdrawn-slug.md'), textOf('zxwithdrawn', { status: 'withdrawn' }));
    await rm(file('zxdeleted-slug.md'));
    await writeFile(file('zxredrafted-slug.md'), textOf('zxredrafted', { status: 'draft' }));
    const after = await gather();
    for (const word of words) {
      expect(placesOf(after, word)).toEqual([]);
      expect([word, await status(`/articles/${word}-slug`)]).toEqual([word, 410]);
      for (const path of guesses(`${word}-slug`)) {
        const code = await status(path);
        expect([path, [301, 308, 404, 410].includes(code)]).toEqual([path, true]);
      }
      expect(await status(`/articles/${word}-slug/${word}-slug-map.png`)).toBeGreaterThanOrEqual(404);
    }
    expect(placesOf(after, 'openword').length).toBeGreaterThan(0);
  });
});
