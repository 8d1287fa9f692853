import type { Instant } from '../clock.ts';
import type { Article, PublishedCatalog } from '../content/index.ts';
import { absoluteUrl, homePath, localized, type SectionKind, type Site, sectionPath } from '../site.ts';
import { cleanPerson } from './entry.ts';
import { type Feed, type FeedItem, feedFileNames } from './feed.ts';
import { feedId } from './feed-id.ts';
import { plainLine } from './feed-text.ts';
import { type FeedWindow, selectEntries } from './select-entries.ts';

export interface FeedOptions extends FeedWindow {
  /** Seconds a client may keep a document. */
  readonly maxAge: number;
}

/** A country, topic or author that has feeds of its own. */
interface FeedSection {
  readonly kind: SectionKind;
  readonly key: string;
  /** Its name in the feed's language. */
  readonly name: string;
}

/** When an empty feed last changed: long ago. Validators find the epoch implausible. */
const longAgo: Instant = '2000-01-01T00:00:00.000Z';

/**
 * Every feed of the publication: for each language home, then each configured country, topic and author, also while
 * empty. A feed's entries are in its own language. Pure: the same arguments give equal feeds.
 */
export function listFeeds(published: PublishedCatalog, site: Site, options: FeedOptions, now: Instant): Feed[] {
  return site.languages.flatMap((lang) => listFeedsIn(lang, published, site, options, now));
}

/** The feeds of one language. */
export function listFeedsIn(
  lang: string,
  published: PublishedCatalog,
  site: Site,
  options: FeedOptions,
  now: Instant,
): Feed[] {
  const articles = published.inLanguage(lang);
  const bySection = groupBySection(articles);
  const feedOf = (section: FeedSection | null, of: readonly Article[]): Feed =>
    createFeed(site, options, lang, section, selectEntries(of, options, now));
  return [
    feedOf(null, articles),
    ...listSections(site, lang).map((section) => feedOf(section, bySection.get(sectionKey(section)) ?? [])),
  ];
}

function listSections(site: Site, lang: string): FeedSection[] {
  const titled = (kind: 'countries' | 'topics'): FeedSection[] =>
    Object.entries(site[kind]).map(([key, { title }]) => ({ kind, key, name: localized(title, lang, site) }));
  const authors = Object.entries(site.authors).map(([key, { name }]) => ({ kind: 'authors' as const, key, name }));
  return [...titled('countries'), ...titled('topics'), ...authors];
}

function sectionKey({ kind, key }: { kind: SectionKind; key: string }): string {
  return `${kind}/${key}`;
}

function groupBySection(articles: readonly Article[]): Map<string, Article[]> {
  const groups = new Map<string, Article[]>();
  for (const article of articles) {
    const keys = new Set([
      ...article.countries.map((key) => sectionKey({ kind: 'countries', key })),
      ...article.topics.map((key) => sectionKey({ kind: 'topics', key })),
      ...article.authors.flatMap(({ key }) => (key === null ? [] : [sectionKey({ kind: 'authors', key })])),
    ]);
    for (const key of keys) {
      const group = groups.get(key);
      if (group) group.push(article);
      else groups.set(key, [article]);
    }
  }
  return groups;
}

function createFeed(
  site: Site,
  options: FeedOptions,
  lang: string,
  section: FeedSection | null,
  entries: readonly FeedItem[],
): Feed {
  const page = section ? sectionPath(site, lang, section.kind, section.key) : homePath(site, lang);
  const path = page.endsWith('/') ? page : `${page}/`;
  const title = plainLine(localized(site.title, lang, site));
  return {
    id: feedId(site, lang, section),
    path,
    lang,
    title: section ? `${title}: ${plainLine(section.name)}` : title,
    description: plainLine(localized(site.description, lang, site)) || title,
    pageUrl: absoluteUrl(site, page),
    urls: {
      rss: absoluteUrl(site, path + feedFileNames.rss),
      atom: absoluteUrl(site, path + feedFileNames.atom),
      json: absoluteUrl(site, path + feedFileNames.json),
    },
    updated: entries.reduce(
      (newest, { updated }) => (updated > newest ? updated : newest),
      entries[0]?.updated ?? longAgo,
    ),
    publisher: cleanPerson({ name: site.publisher.name, url: absoluteUrl(site, '/'), email: site.publisher.email }),
    image: site.image === null ? null : sitePictureUrl(site, site.image),
    icon: site.icon === null ? null : sitePictureUrl(site, site.icon),
    maxAge: options.maxAge,
    entries,
  };
}

/** The publication's own pictures lie at the site's root under the names that they have in its folder. */
function sitePictureUrl(site: Site, file: string): string {
  return absoluteUrl(site, `/${file.split('/').map(encodeURIComponent).join('/')}`);
}
