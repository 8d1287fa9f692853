import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { type Article, type FullArticle, type PublishedCatalog, publishedCatalog } from '../../src/content/index.ts';
import type { Edition, EditionPieces } from '../../src/digest/index.ts';
import {
  type FeedDocument,
  type FeedFormat,
  feedFileNames,
  feedFormats,
  listFeeds,
  type SizedPicture,
} from '../../src/feeds/index.ts';
import { silentLog } from '../../src/log.ts';
import type { Site } from '../../src/site.ts';
import type { SignUpWishes } from '../../src/subscribers/index.ts';
import { createFeedSelections } from '../../src/web/feed-selections.ts';
import type { WebApp, WebServer } from '../../src/web/index.ts';
import { startServer } from '../../src/web/index.ts';
import { newsletterOf } from './edition-fixtures.ts';
import { articleOf, renderAny, siteOf } from './feed-fixtures.ts';
import { type FixedClock, fixedClock } from './fixed-clock.ts';
import { memoryReaders, memoryRequests } from './memory-readers.ts';

const feedOptions = { items: 50, days: 3, maxAge: 900, hubs: [] };

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** A document with its bytes, which a press would have in its folder. */
export interface TestDocument extends FeedDocument {
  readonly body: Buffer;
}

/** What a test puts into the site, and what readers did to it. */
export interface TestWebApp extends WebApp {
  readonly clock: FixedClock;
  articlesInFolder: FullArticle[];
  readonly withdrawn: Set<string>;
  /** Articles by `LANG/SLUG` under which they were published earlier. */
  readonly formerSlugs: Map<string, Article>;
  readonly files: Map<string, string>;
  readonly documents: Map<string, TestDocument>;
  /** Smaller sizes by the picture's absolute URL. */
  readonly sizesByUrl: Map<string, readonly SizedPicture[]>;
  /** Answers that were counted: `200 /rss.xml` and the user agent. */
  readonly polls: string[];
  readonly sentEditions: { readonly edition: Edition; readonly pieces: readonly EditionPieces[] }[];
  /** Newsletters that each known reader still gets, by token. */
  readonly subscriptions: Map<string, Set<string>>;
  readonly leaves: { readonly token: string; readonly scope: string; readonly source: string }[];
}

export interface TestWebOptions {
  readonly site?: Partial<Site>;
  readonly articles?: readonly FullArticle[];
  readonly hosts?: readonly string[];
  readonly trustedProxies?: readonly string[];
  /** Default: at hand at once. */
  readonly encoded?: (document: TestDocument, coding: 'br' | 'gzip') => Buffer | Promise<Buffer>;
}

const wishesOfAnn: SignUpWishes = {
  languages: ['en', 'fa'],
  newsletters: ['weekly'],
  countries: ['armenia'],
  topics: [],
  rhythm: 'each',
};

export const weekly = newsletterOf({ title: { en: 'The week', fa: 'هفته' }, timezone: 'Asia/Tbilisi' });

/** A web app whose every part lies in memory. Any token of `subscriptions` is genuine. */
export function testWebApp(options: TestWebOptions = {}): TestWebApp {
  const site = siteOf({ url: 'http://localhost', languages: ['en', 'fa'], ...options.site });
  const clock = fixedClock('2023-04-10T12:00:00.000Z');
  const { encoded = ({ body }, coding) => (coding === 'br' ? brotliCompressSync(body) : gzipSync(body)) } = options;
  const published = (): PublishedCatalog =>
    publishedCatalog({ articles: app.articlesInFolder, problems: [] }, site.languages, clock.now());
  const app: TestWebApp = {
    site,
    clock,
    log: silentLog,
    hosts: options.hosts ?? [],
    trustedProxies: options.trustedProxies ?? [],
    dir: repository,
    templatesDir: `${repository}templates`,
    articlesInFolder: [...(options.articles ?? sampleArticles(site.url))],
    withdrawn: new Set(),
    formerSlugs: new Map(),
    files: new Map(),
    documents: new Map(),
    sizesByUrl: new Map(),
    sizes: { find: (url) => app.sizesByUrl.get(url) ?? [] },
    polls: [],
    sentEditions: [],
    subscriptions: new Map([['good-token', new Set(['weekly', 'daily'])]]),
    leaves: [],
    newsletters: [weekly, { ...weekly, name: 'daily', schedule: '0 18 * * *', title: { en: 'The day', fa: 'روز' } }],
    published,
    articles: {
      findAttachment: (lang, slug, name) => app.files.get(`${lang}/${slug}/${name}`) ?? null,
      withBody: async (article) => app.articlesInFolder.find(({ id }) => id === article.id) ?? null,
      isWithdrawn: (lang, slug) => app.withdrawn.has(`${lang}/${slug}`),
      findFormer: (lang, slug) => app.formerSlugs.get(`${lang}/${slug}`) ?? null,
    },
    feeds: {
      find: (path) => app.documents.get(path) ?? null,
      isWaiting: () => false,
      bytesOf(document, coding) {
        if (!isTestDocument(document)) throw new Error(`${document.path} isn’t of this app.`);
        return coding === 'identity' ? document.body : encoded(document, coding);
      },
      polls: {
        count: (path, isUnchanged, userAgent = '') => {
          app.polls.push(`${isUnchanged ? 304 : 200} ${path} ${userAgent}`);
        },
      },
      select: createFeedSelections({
        site,
        options: feedOptions,
        clock,
        published,
        printOnDemand: async (feed, format) =>
          documentOf(feed.path + feedFileNames[format], format, renderAny(feed)[format], clock.now()),
      }),
    },
    editions: {
      listEditions: async (filter = {}) =>
        app.sentEditions
          .map(({ edition }) => edition)
          .filter(
            ({ newsletter, state, frozenAt }) =>
              newsletter === (filter.newsletter ?? newsletter) &&
              (filter.states?.includes(state) ?? true) &&
              !(filter.isFrozen && frozenAt === null),
          )
          .slice(filter.offset ?? 0, (filter.offset ?? 0) + (filter.limit ?? Number.POSITIVE_INFINITY)),
      listTexts: async (ids, languages) =>
        new Map(
          ids.map((id) => {
            const pieces = app.sentEditions.find(({ edition }) => edition.id === id)?.pieces ?? [];
            return [id, pieces.filter(({ lang }) => languages.includes(lang))];
          }),
        ),
      findByKey: async (newsletter, key) =>
        app.sentEditions.find(({ edition }) => edition.newsletter === newsletter && edition.key === key)?.edition ??
        null,
      listPieces: async (id) => [...(app.sentEditions.find(({ edition }) => edition.id === id)?.pieces ?? [])],
    },
    nextDue: () => '2023-04-14T03:00:00.000Z',
    readers: memoryReaders(() => app),
    requests: memoryRequests(() => app),
    signUps: {
      stamp: () => 'a-stamp',
      async ask({ form }) {
        if (!(form.get('email') ?? '').includes('@')) return { kind: 'fault', fault: 'address' };
        return form.get('stamp') === 'a-stamp' ? { kind: 'asked' } : { kind: 'check' };
      },
      findLink: async (token) => {
        if (token === 'late-token') return { kind: 'late' };
        if (token !== 'good-token') return { kind: 'unknown' };
        return { kind: 'asked', maskedAddress: 'a…@example.com', wishes: wishesOfAnn };
      },
      confirm: async (token) =>
        token === 'good-token'
          ? { kind: 'confirmed', newsletters: wishesOfAnn.newsletters, preferencesToken: 'good-token' }
          : { kind: 'unknown' },
      askAgain: async () => {},
    },
    hooks: { receive: async () => null },
    console: null,
    ready: () => ({ ok: true, checks: { database: 'ok' } }),
  };
  return app;
}

/** Serves an app on a free port until the test ends. */
export async function serve(app: WebApp, host = '127.0.0.1'): Promise<WebServer> {
  const server = await startServer(app, { host, port: 0 });
  onTestFinished(() => server.close());
  return server;
}

function isTestDocument(document: FeedDocument): document is TestDocument {
  return 'body' in document;
}

export function documentOf(
  path: string,
  format: FeedFormat,
  text: string,
  changedAt: string,
  changes: Partial<TestDocument> = {},
): TestDocument {
  const body = Buffer.from(text);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  const address = { path, url: `http://localhost${path}`, hubs: [] };
  return { ...address, format, body, size: body.length, etag, lastModified: changedAt, maxAge: 900, ...changes };
}

/** Puts the documents of all feeds into an app, as its press would make them. */
export function addFeedDocuments(app: TestWebApp): void {
  for (const feed of listFeeds(app.published(), app.site, feedOptions, app.clock.now())) {
    const texts = renderAny(feed);
    for (const format of feedFormats) {
      const path = new URL(feed.urls[format]).pathname;
      app.documents.set(path, documentOf(path, format, texts[format], app.clock.now()));
    }
  }
}

/** Articles with everything that a page can show: a picture, corrections, sources, translations, briefs. */
export function sampleArticles(url: string): FullArticle[] {
  const at = (lang: string, slug: string): string => `${url}${lang === 'en' ? '' : `/${lang}`}/articles/${slug}`;
  const make = (changes: Partial<FullArticle> & { readonly slug: string }): FullArticle =>
    articleOf({ url: at(changes.lang ?? 'en', changes.slug), ...changes });
  const picture = {
    url: `${url}/articles/tehran-talks/map.svg`,
    rasterUrl: `${url}/articles/tehran-talks/map.png`,
    alt: 'Map with Tehran in the south-east',
    caption: 'Two secretaries met in Tehran.',
    credit: 'The Caucasus Dispatch',
    width: 1200,
    height: 600,
  };
  const talks = {
    slug: 'tehran-talks',
    priority: 'lead' as const,
    image: picture,
    countries: ['armenia', 'georgia'],
    updated: '2023-04-10T08:00:00.000Z',
    corrections: [{ date: '2023-04-10T08:00:00.000Z', text: 'An earlier version gave a wrong month.' }],
    sources: [
      { title: 'A ministry, 9 April 2023', url: 'https://ministry.example/statement' },
      { title: 'Our own notes' },
    ],
  };
  return [
    make({ ...talks, title: 'Talks in Tehran' }),
    make({ ...talks, lang: 'fa', title: 'گفت‌وگو در تهران', summary: 'دو دبیر دیدار کردند.', html: '<p>متن کامل.</p>' }),
    make({
      slug: 'rail-link',
      title: 'A rail link is planned',
      date: '2023-04-08T10:00:00.000Z',
      countries: ['georgia'],
    }),
    make({
      slug: 'monitors',
      title: 'Monitors settle in',
      date: '2023-04-07T10:00:00.000Z',
      html: `<h2>Two groups</h2><p>See <a href="${url}/articles/rail-link">the rail link</a>.</p><table><tr><td style="text-align:right">12</td></tr></table>`,
    }),
    make({ slug: 'bridge', title: 'A bridge opens', date: '2023-04-06T10:00:00.000Z', countries: ['georgia'] }),
    make({ slug: 'court', title: 'A court decides', date: '2023-04-05T10:00:00.000Z', countries: ['armenia'] }),
    make({ slug: 'budget', title: 'Budget passed', date: '2023-04-04T10:00:00.000Z', priority: 'brief' }),
    make({
      slug: 'flights',
      title: 'Flights resume',
      date: '2023-04-03T10:00:00.000Z',
      priority: 'brief',
      place: null,
    }),
  ];
}
