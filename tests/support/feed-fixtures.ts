import { createHash } from 'node:crypto';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { xml2js } from 'xml-js';
import type { Instant } from '../../src/clock.ts';
import { type Article, type FullArticle, type PublishedCatalog, publishedCatalog } from '../../src/content/index.ts';
import { articleEntry } from '../../src/feeds/article-entry.ts';
import { createEntry, type EntryFields } from '../../src/feeds/entry.ts';
import { atom } from '../../src/feeds/formats/atom.ts';
import { jsonFeed } from '../../src/feeds/formats/json-feed.ts';
import { rss } from '../../src/feeds/formats/rss.ts';
import { findFault } from '../../src/feeds/formats/well-formed.ts';
import type { Feed, FeedEntry, FeedFormat, FeedItem } from '../../src/feeds/index.ts';
import { createLocale } from '../../src/i18n/index.ts';
import type { Site } from '../../src/site.ts';
import { exampleArticle } from './article-record.ts';
import { isFull } from './entry-source.ts';

export const noon: Instant = '2023-04-10T12:00:00.000Z';

export function siteOf(changes: Partial<Site> = {}): Site {
  return {
    title: { en: 'The Caucasus Dispatch', fa: 'پیک قفقاز' },
    description: { en: 'News from Armenia & around', fa: 'خبرهای قفقاز' },
    url: 'https://dispatch.example',
    formerUrls: [],
    authority: 'dispatch.example,2023',
    timezone: 'Asia/Tbilisi',
    languages: ['en', 'fa'],
    publisher: { name: 'The Caucasus Dispatch', email: 'desk@dispatch.example', address: '1 Example Lane, Tbilisi' },
    image: 'logo.png',
    icon: 'icon.png',
    privacyUrl: null,
    countries: {
      armenia: { title: { en: 'Armenia', fa: 'ارمنستان' } },
      georgia: { title: { en: 'Georgia', fa: 'گرجستان' } },
    },
    topics: { security: { title: { en: 'Security', fa: 'امنیت' } } },
    authors: { ana: { name: 'Ana Beridze', url: 'https://dispatch.example/ana' } },
    ...changes,
  };
}

/** A published article with its text; its hash follows from its values, as the content area makes it. */
export function articleOf(changes: Partial<FullArticle> = {}): FullArticle {
  const { lang = 'en', slug = 'tehran-talks', date = '2023-04-09T14:30:00.000Z' } = changes;
  const own: Partial<Article> = {
    lang,
    slug,
    date,
    updated: date,
    publishedAt: date,
    path: `${slug}.${lang}.md`,
    id: `tag:dispatch.example,2023:${lang}/${slug}`,
    url: `https://dispatch.example${lang === 'en' ? '' : `/${lang}`}/articles/${slug}`,
    title: `Talks in Tehran: ${slug}`,
    summary: `What was said about ${slug}.`,
    authors: [{ key: 'ana', name: 'Ana Beridze', url: 'https://dispatch.example/ana' }],
    countries: ['armenia'],
    topics: ['security'],
    place: { name: 'Tehran', lat: 35.6892, lon: 51.389 },
  };
  const article = {
    ...exampleArticle({ ...own, ...changes }),
    html: changes.html ?? `<p>The full text of ${slug}.</p>`,
  };
  // Readers don't see how many words it has.
  const seen = JSON.stringify({ ...article, words: 0 });
  return { ...article, contentHash: createHash('sha256').update(seen).digest('hex') };
}

export function catalogOf(articles: readonly Article[], now: Instant = noon): PublishedCatalog {
  return publishedCatalog({ articles, problems: [] }, siteOf().languages, now);
}

export function entryFieldsOf(changes: Partial<EntryFields> = {}): EntryFields {
  return {
    id: 'tag:dispatch.example,2023:en/tehran-talks',
    url: 'https://dispatch.example/articles/tehran-talks',
    lang: 'en',
    title: 'Talks in Tehran',
    summary: 'What was said.',
    html: '<p>The full text.</p>',
    published: '2023-04-09T14:30:00.000Z',
    updated: '2023-04-10T08:00:00.000Z',
    authors: [{ name: 'Ana Beridze', url: 'https://dispatch.example/ana' }],
    categories: [{ term: 'country:armenia', label: 'Armenia' }],
    image: null,
    audio: null,
    place: null,
    ...changes,
  };
}

export function entryOf(changes: Partial<EntryFields> = {}): FeedEntry {
  return createEntry(entryFieldsOf(changes));
}

export function feedOf(entries: readonly FeedEntry[], changes: Partial<Feed> = {}): Feed {
  const url = 'https://dispatch.example';
  return {
    id: 'tag:dispatch.example,2023:feeds/en',
    path: '/',
    lang: 'en',
    title: 'The Caucasus Dispatch',
    description: 'News from Armenia & around',
    pageUrl: `${url}/`,
    urls: { rss: `${url}/rss.xml`, atom: `${url}/atom.xml`, json: `${url}/feed.json` },
    hubs: [],
    history: null,
    updated: entries.reduce(
      (newest, entry) => (entry.updated > newest ? entry.updated : newest),
      '2000-01-01T00:00:00.000Z',
    ),
    publisher: { name: 'The Caucasus Dispatch', url: `${url}/`, email: 'desk@dispatch.example' },
    image: `${url}/logo.png`,
    icon: `${url}/icon.png`,
    maxAge: 900,
    entries,
    withdrawn: [],
    ...changes,
  };
}

const renderers = { rss, atom, json: jsonFeed };

/** One feed of these entries as text in each format. */
export function renderFeed(entries: readonly FeedEntry[], changes: Partial<Feed> = {}): Record<FeedFormat, string> {
  return renderAny(feedOf(entries, changes));
}

/** What a feed lists as an entry. Its articles have to be of `articleOf`. */
export function asEntry(item: FeedItem): FeedEntry {
  if ('published' in item) return item;
  if (!isFull(item)) throw new Error(`${item.slug} has no text.`);
  const site = siteOf();
  return articleEntry(item, site, createLocale(item.lang, site.timezone));
}

/** A feed as text in each format. */
export function renderAny(feed: Feed): Record<FeedFormat, string> {
  const entries = feed.entries.map(asEntry);
  const render = (format: FeedFormat): string => {
    const renderer = renderers[format];
    return renderer.renderDocument(feed, entries.map(renderer.renderEntry)).toString();
  };
  return { rss: render('rss'), atom: render('atom'), json: render('json') };
}

/** Throws unless all three are well-formed, in characters and in structure, and a feed parser takes them for feeds. */
export function parseFeed(documents: Record<FeedFormat, string>) {
  for (const format of ['rss', 'atom'] as const) {
    const xml = documents[format];
    const fault = findFault(format, xml);
    if (fault !== null) throw new Error(fault);
    // Wrapped, as this parser lets an unclosed outermost element pass.
    xml2js(`<root>${xml.replace(/^<\?xml [^>]*\?>/, '')}</root>`);
    for (const character of xml) {
      const code = character.codePointAt(0) ?? 0;
      const allowed = code >= 0x20 ? !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff : false;
      if (!allowed && !'\t\n\r'.includes(character)) throw new Error(`U+${code.toString(16)} stands in a document.`);
    }
  }
  return {
    rss: parseRssFeed(documents.rss),
    atom: parseAtomFeed(documents.atom),
    json: parseJsonFeed(JSON.parse(documents.json)),
  };
}
