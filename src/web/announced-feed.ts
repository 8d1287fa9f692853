import { type FeedFormat, feedFileNames } from '../feeds/index.ts';
import { homePath, languagePrefix, localized, type SectionKind, sectionPath } from '../site.ts';
import type { View } from './view.ts';

/** A feed as pages announce it. */
export interface AnnouncedFeed {
  /** As the feed calls itself: `The Caucasus Dispatch: Armenia`. */
  readonly title: string;
  /** URL path without the file name, with a trailing slash. */
  readonly path: string;
  /** What stands behind the file name (`?country=armenia`); default: nothing. */
  readonly query?: string;
}

/** A feed with its place among the others. */
export interface ListedFeed extends AnnouncedFeed {
  /** What it is called where the publication is known: `Armenia`. */
  readonly name: string;
  /** The path of the page with the same selection. */
  readonly pagePath: string;
  /** The path of the page that shows the feed as its subscribers get it; null where there is none. */
  readonly contentsPath: string | null;
}

/** What `/feeds/select` calls each kind of section. */
export const selectionNames: Readonly<Record<SectionKind, string>> = {
  countries: 'country',
  topics: 'topic',
  authors: 'author',
};

/** The URL path of a feed in one format, with its query. */
export function feedPath({ path, query = '' }: AnnouncedFeed, format: FeedFormat): string {
  return path + feedFileNames[format] + query;
}

/** The publication's feed in the page's language. */
export function homeFeed(view: View): ListedFeed {
  const path = homePath(view.site, view.lang);
  return { title: view.title, name: view.title, path, pagePath: path, contentsPath: contentsPath(view, '') };
}

/** The feed of a configured country, topic or author in the page's language; null for an unknown key. */
export function sectionFeed(view: View, kind: SectionKind, key: string): ListedFeed | null {
  const name = view.sectionTitle(kind, key);
  if (name === null) return null;
  const pagePath = sectionPath(view.site, view.lang, kind, key);
  return {
    title: `${view.title}: ${name}`,
    name,
    path: `${pagePath}/`,
    pagePath,
    contentsPath: contentsPath(view, `?${selectionNames[kind]}=${encodeURIComponent(key)}`),
  };
}

/** The feed of a newsletter's editions in the page's language. */
export function newsletterFeed(view: View, newsletter: View['newsletters'][number]): ListedFeed {
  const name = localized(newsletter.title, view.lang, view.site);
  const pagePath = `${languagePrefix(view.site, view.lang)}/newsletters/${newsletter.name}`;
  return { title: `${view.title}: ${name}`, name, path: `${pagePath}/`, pagePath, contentsPath: null };
}

/** `/feeds/select`, where a feed is shown as its subscribers get it. */
export function contentsPath(view: View, query: string, lang = view.lang): string {
  return `${languagePrefix(view.site, lang)}/feeds/select${query}`;
}
