import type { Newsletter } from '../../../digest/index.ts';
import { type FeedFormat, feedFileNames, feedFormats } from '../../../feeds/index.ts';
import { homePath, localized, newsletterPath, type Site, sectionPath } from '../../../site.ts';

/** What a feed is a selection of, with its heading. */
export const feedKinds = {
  home: 'Everything',
  countries: 'Countries',
  topics: 'Topics',
  authors: 'Authors',
  newsletters: 'Newsletters',
} as const;

export type FeedKind = keyof typeof feedKinds;

/** A feed as the console names it. */
export interface NamedFeed {
  readonly kind: FeedKind;
  /** Of the country, topic, author or newsletter; empty for everything. */
  readonly key: string;
  readonly lang: string;
  /** In the feed's language. */
  readonly name: string;
  /** URL path without the file name, with a trailing slash. */
  readonly folder: string;
}

/** Every feed of one language that has documents of its own, in the order of `silkpost.yaml`. */
export function listNamedFeeds(site: Site, newsletters: readonly Newsletter[], lang: string): NamedFeed[] {
  const section = (kind: 'countries' | 'topics' | 'authors', key: string, name: string): NamedFeed => ({
    kind,
    key,
    lang,
    name,
    folder: `${sectionPath(site, lang, kind, key)}/`,
  });
  return [
    { kind: 'home', key: '', lang, name: localized(site.title, lang, site), folder: homePath(site, lang) },
    ...Object.entries(site.countries).map(([key, { title }]) =>
      section('countries', key, localized(title, lang, site)),
    ),
    ...Object.entries(site.topics).map(([key, { title }]) => section('topics', key, localized(title, lang, site))),
    ...Object.entries(site.authors).map(([key, { name }]) => section('authors', key, name)),
    ...newsletters.map(
      ({ name: key, title }): NamedFeed => ({
        kind: 'newsletters',
        key,
        lang,
        name: localized(title, lang, site),
        folder: `${newsletterPath(site, lang, key)}/`,
      }),
    ),
  ];
}

/** The URL path of each of a feed's documents. */
export function documentPaths({ folder }: Pick<NamedFeed, 'folder'>): Readonly<Record<FeedFormat, string>> {
  return { rss: folder + feedFileNames.rss, atom: folder + feedFileNames.atom, json: folder + feedFileNames.json };
}

export function allDocumentPaths(feeds: readonly NamedFeed[]): string[] {
  return feeds.flatMap((feed) => feedFormats.map((format) => documentPaths(feed)[format]));
}

/** Below `/console`. */
export function feedPagePath({ kind, key, lang }: Pick<NamedFeed, 'kind' | 'key' | 'lang'>): string {
  return ['/feeds', lang, kind, ...(kind === 'home' ? [] : [encodeURIComponent(key)])].join('/');
}
