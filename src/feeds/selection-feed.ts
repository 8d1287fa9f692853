import type { Instant } from '../clock.ts';
import type { PublishedCatalog } from '../content/index.ts';
import { interfaceLanguageFor } from '../i18n/index.ts';
import { localized, type Site, selectionPath } from '../site.ts';
import { createFeed, type FeedOptions } from './create-feed.ts';
import type { Feed } from './feed.ts';
import { selectionFeedId } from './feed-id.ts';
import { listLastOut, selectEntries } from './select-entries.ts';
import { type Selection, selectionMatches, selectionQuery } from './selection.ts';
import { listTombstones } from './withdrawn.ts';

/** The feed of any selection in one language, by the same window as all others. One key alone has its own address and id. */
export function createSelectionFeed(
  site: Site,
  options: FeedOptions,
  lang: string,
  selection: Selection,
  published: PublishedCatalog,
  now: Instant,
): Feed {
  const articles = published.inLanguage(lang);
  const matching = articles.filter((article) => selectionMatches(article, selection));
  const query = selectionQuery(selection);
  return createFeed(
    site,
    // No hub is told of a selection: nobody knows which of them somebody follows.
    { ...options, hubs: [] },
    {
      id: selectionFeedId(site, lang, query),
      lang,
      name: selectionName(site, lang, selection),
      page: selectionPath(site, lang),
      query,
    },
    selectEntries(matching, options, now, listLastOut(articles, options, now)),
    listTombstones(published.withdrawn, published, lang, now, (one) => selectionMatches(one, selection)),
  );
}

/** `Armenia, Iran · Security` */
export function selectionName(site: Site, lang: string, selection: Selection): string {
  const titles = (kind: 'countries' | 'topics'): string[] =>
    selection[kind].map((key) => localized(site[kind][key]?.title ?? { [lang]: key }, lang, site));
  const names = [titles('countries'), titles('topics'), selection.authors.map((key) => site.authors[key]?.name ?? key)];
  // Intl.ListFormat has lists without “and” too, but without any comma in half of the languages.
  const comma = interfaceLanguageFor(lang) === 'fa' ? '، ' : ', ';
  return names
    .filter((group) => group.length > 0)
    .map((group) => group.join(comma))
    .join(' · ');
}
