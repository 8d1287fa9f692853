import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PublishedCatalog } from '../../src/content/index.ts';
import { findFault } from '../../src/feeds/formats/well-formed.ts';
import type { ByteRange } from '../../src/web/byte-range.ts';
import { answerPrepared, type Prepared } from '../../src/web/prepared-answer.ts';
import { createSitemapPress } from '../../src/web/sitemap-press.ts';
import { articleOf, catalogOf, siteOf } from '../support/feed-fixtures.ts';
import { rawRequest } from '../support/http.ts';
import { sampleArticles, serve, type TestWebApp, testWebApp } from '../support/web-app.ts';

const origin = 'http://localhost';
const secret = 'The-Secret-Word';
const hidden = [
  articleOf({ slug: 'draft', title: secret, status: 'draft', publishedAt: null }),
  articleOf({ slug: 'withdrawn', title: secret, status: 'withdrawn' }),
  articleOf({ slug: 'scheduled', title: secret, date: '2023-04-11T00:00:00.000Z', publishedAt: null }),
];

async function text(url: string, path: string): Promise<string> {
  return (await rawRequest(url, path)).body.toString();
}

function locations(xml: string): string[] {
  expect(findFault('rss', xml.trim())).toBeNull();
  return [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => match[1] ?? '');
}

/** An app whose catalog stays the same object until the test changes it, as the real one does. */
function steadyApp(articles = [...sampleArticles(origin), ...hidden]): TestWebApp & { forget(): void } {
  const app = testWebApp({ articles });
  let known: PublishedCatalog | null = null;
  const compute = app.published;
  return Object.assign(app, {
    published: () => (known ??= compute()),
    forget: () => {
      known = null;
    },
  });
}

describe('/sitemap.xml', () => {
  it('lists front pages, sections with articles, and articles; nothing that is not published', async () => {
    const link = 'https://elsewhere.example/story';
    const app = steadyApp([...sampleArticles(origin), ...hidden, articleOf({ slug: 'away', link, url: link })]);
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/sitemap.xml');
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8');
    const found = locations(answer.body.toString());
    expect(found).toEqual([...new Set(found)]);
    const sections = ['countries/armenia', 'countries/georgia', 'topics/security', 'authors/ana'];
    expect(found.toSorted()).toEqual(
      [
        ...['', 'fa/'].flatMap((prefix) => ['', ...sections].map((path) => `${origin}/${prefix}${path}`)),
        ...sampleArticles(origin).map((article) => article.url),
      ].toSorted(),
    );
    for (const path of found) expect((await rawRequest(url, new URL(path).pathname)).status, path).toBe(200);
  });

  it('names translations, each of them itself too, and when an article last changed', async () => {
    const { url } = await serve(steadyApp());
    const xml = await text(url, '/sitemap.xml');
    const alternates = ['en', 'fa']
      .map((lang) => {
        const path = lang === 'en' ? '' : '/fa';
        return `<xhtml:link rel="alternate" hreflang="${lang}" href="${origin}${path}/articles/tehran-talks"/>`;
      })
      .join('');
    for (const path of ['', '/fa']) {
      const loc = `<loc>${origin}${path}/articles/tehran-talks</loc>`;
      expect(xml).toContain(`<url>${loc}<lastmod>2023-04-10T08:00:00.000Z</lastmod>${alternates}</url>`);
    }
    expect(xml).toContain(`<loc>${origin}/articles/court</loc><lastmod>2023-04-05T10:00:00.000Z</lastmod></url>`);
  });

  it('is made once for a state of the catalog, compressed, and answered with 304', async () => {
    const app = steadyApp();
    const { url } = await serve(app);
    const plain = await rawRequest(url, '/sitemap.xml');
    const packed = await rawRequest(url, '/sitemap.xml', { headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(packed.body)).toEqual(plain.body);
    const condition = { headers: { 'if-none-match': String(plain.headers.etag) } };
    expect((await rawRequest(url, '/sitemap.xml', condition)).status).toBe(304);
    app.clock.set('2023-04-11T00:00:00.000Z');
    app.forget();
    const later = await rawRequest(url, '/sitemap.xml', condition);
    expect(later.status).toBe(200);
    expect(locations(later.body.toString())).toContain(`${origin}/articles/scheduled`);
    app.articlesInFolder = [];
    app.forget();
    expect(locations(await text(url, '/sitemap.xml'))).toEqual([`${origin}/`, `${origin}/fa/`]);
    expect((await rawRequest(url, '/sitemap-1.xml')).status).toBe(404);
  });
});

describe('createSitemapPress', () => {
  const site = siteOf();
  const published = catalogOf(Array.from({ length: 9 }, (_, index) => articleOf({ slug: `story-${index}` })));

  async function read(press: ReturnType<typeof createSitemapPress>, path: string): Promise<string> {
    const prepared = await press.find(published, path);
    if (prepared === null) return '';
    const { body: sent } = await answerPrepared(prepared, 'GET', {}, 0);
    if (sent === null) throw new Error('A sitemap has bytes.');
    const body = Buffer.isBuffer(sent) ? sent : await buffer(sent);
    expect(prepared.etag).toBe(`"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`);
    return body.toString();
  }

  it.each([
    ['pages', { urls: 4, bytes: 1_000_000 }],
    ['bytes', { urls: 1_000, bytes: 900 }],
  ])('splits what has too many %s, and lists the parts', async (_, limits) => {
    const press = createSitemapPress(site, limits);
    const parts = locations(await read(press, '/sitemap.xml'));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts[0]).toBe('https://dispatch.example/sitemap-1.xml');
    const found: string[] = [];
    for (const part of parts) {
      const xml = await read(press, new URL(part).pathname);
      expect(Buffer.byteLength(xml)).toBeLessThanOrEqual(limits.bytes);
      const listed = locations(xml);
      expect(listed.length).toBeLessThanOrEqual(limits.urls);
      found.push(...listed);
    }
    expect(found).toEqual(locations(await read(createSitemapPress(site), '/sitemap.xml')));
    expect(await press.find(published, `/sitemap-${parts.length + 1}.xml`)).toBeNull();
  });

  it('is unpacked piece by piece, and for those alone who can’t take it packed', async () => {
    const prepared = await createSitemapPress(site).find(published, '/sitemap.xml');
    if (prepared === null) throw new Error('There is no sitemap.');
    const { body: kept } = prepared;
    if (Buffer.isBuffer(kept)) throw new Error('It is kept unpacked.');
    let unpacked = 0;
    const stream = (range: ByteRange): ReadableStream<Uint8Array> => {
      unpacked += 1;
      return kept.stream(range);
    };
    const counted: Prepared = { ...prepared, body: { ...kept, stream } };
    const { headers, body } = await answerPrepared(counted, 'GET', { acceptEncoding: 'gzip' }, 0);
    const same = { ifNoneMatch: headers['etag'] };
    expect((await answerPrepared(counted, 'GET', same, 0)).status).toBe(304);
    const head = await answerPrepared(counted, 'HEAD', {}, 0);
    expect(unpacked).toBe(0);
    const plain = await answerPrepared(counted, 'GET', {}, 0);
    expect(unpacked).toBe(1);
    expect(plain.headers).toEqual(head.headers);
    const whole = gunzipSync(Buffer.isBuffer(body) ? body : '');
    expect(plain.headers['content-length']).toBe(String(whole.length));
  });

  it('keeps every document until the catalog changes', async () => {
    const press = createSitemapPress(site);
    const first = await press.find(published, '/sitemap.xml');
    expect(await press.find(published, '/sitemap.xml')).toBe(first);
    expect(await press.find(catalogOf([]), '/sitemap.xml')).not.toBe(first);
  });
});

describe('/news-sitemap.xml', () => {
  const now = '2023-04-10T12:00:00.000Z';

  it('lists the articles of the last two days under the publication’s name in their language', async () => {
    const link = 'https://elsewhere.example/story';
    const app = steadyApp([
      ...sampleArticles(origin),
      ...hidden,
      articleOf({ slug: 'away', link, url: link, date: now }),
      articleOf({ slug: 'edge', title: 'A & B < C', date: '2023-04-08T12:00:00.000Z' }),
      articleOf({ slug: 'late', date: '2023-04-08T11:59:59.999Z' }),
    ]);
    const { url } = await serve(app);
    const xml = await text(url, '/news-sitemap.xml');
    expect(locations(xml)).toEqual([
      `${origin}/articles/tehran-talks`,
      `${origin}/fa/articles/tehran-talks`,
      `${origin}/articles/edge`,
    ]);
    expect(xml).toContain(
      '<news:publication><news:name>پیک قفقاز</news:name><news:language>fa</news:language></news:publication><news:publication_date>2023-04-09T14:30:00.000Z</news:publication_date><news:title>گفت‌وگو در تهران</news:title>',
    );
    expect(xml).toContain('<news:title>A &amp; B &lt; C</news:title>');
    expect(xml).not.toContain(secret);
  });

  it('lets an article go when its two days are over, and holds at most a thousand', async () => {
    const app = steadyApp(Array.from({ length: 1002 }, (_, index) => articleOf({ slug: `story-${index}`, date: now })));
    const { url } = await serve(app);
    const first = await rawRequest(url, '/news-sitemap.xml');
    expect(locations(first.body.toString())).toHaveLength(1000);
    const condition = { headers: { 'if-none-match': String(first.headers.etag) } };
    expect((await rawRequest(url, '/news-sitemap.xml', condition)).status).toBe(304);
    app.clock.set('2023-04-12T12:00:00.001Z');
    expect(locations(await text(url, '/news-sitemap.xml'))).toHaveLength(1);
  });

  it('names the newest article without the news, else the front page, as a sitemap has one URL at least', async () => {
    const link = 'https://elsewhere.example/story';
    const away = articleOf({ slug: 'away', link, url: link });
    const old = await serve(steadyApp([away, articleOf({ slug: 'old', date: '2023-04-01T12:00:00.000Z' }), ...hidden]));
    const xml = await text(old.url, '/news-sitemap.xml');
    expect(locations(xml)).toEqual([`${origin}/articles/old`]);
    expect(xml).not.toContain('<news:');
    const { url } = await serve(steadyApp([away, ...hidden]));
    expect(locations(await text(url, '/news-sitemap.xml'))).toEqual([`${origin}/`]);
  });
});

describe('/robots.txt', () => {
  it('asks search engines to leave readers’ links alone, and names the sitemaps', async () => {
    const { url } = await serve(testWebApp());
    const robots = (await text(url, '/robots.txt')).split('\n');
    expect(robots).toEqual(
      expect.arrayContaining([
        'User-agent: *',
        'Disallow: /unsubscribe/',
        'Disallow: /fa/preferences/',
        'Disallow: /console',
        `Sitemap: ${origin}/sitemap.xml`,
        `Sitemap: ${origin}/news-sitemap.xml`,
      ]),
    );
  });

  it('keeps to the path below which a publication lives', async () => {
    const { url } = await serve(testWebApp({ site: { url: 'http://localhost/paper' } }));
    const robots = await text(url, '/paper/robots.txt');
    expect(robots).toContain('Disallow: /paper/fa/unsubscribe/');
    expect(robots).toContain('Sitemap: http://localhost/paper/sitemap.xml');
  });
});
