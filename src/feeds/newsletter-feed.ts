import type { Instant } from '../clock.ts';
import { type Localized, localized, newsletterPath, type Site } from '../site.ts';
import { createFeed, type FeedOptions } from './create-feed.ts';
import { createEntry } from './entry.ts';
import type { Feed, FeedEntry } from './feed.ts';
import { editionEntryId, newsletterFeedId } from './feed-id.ts';

/** An edition that has gone out, in one language: what of it anybody may read on the web. */
export interface FeedEdition {
  /** `2026-11-27T0300Z`, unique within the newsletter. */
  readonly key: string;
  /** Plain text. */
  readonly subject: string;
  readonly sentAt: Instant;
  /** Its web version as an HTML fragment with absolute addresses and nothing of any reader. */
  readonly html: string;
  /** Plain text. */
  readonly summary: string;
  /** Absolute. */
  readonly url: string;
}

/** The feed of a newsletter's editions in one language, the newest `items` of them. Never throws. */
export function newsletterFeed(
  site: Site,
  lang: string,
  options: FeedOptions,
  newsletter: { readonly name: string; readonly title: Localized },
  editions: readonly FeedEdition[],
): Feed {
  const newestFirst = editions.toSorted((a, b) => descending(a.sentAt, b.sentAt) || descending(a.key, b.key));
  return createFeed(
    site,
    options,
    {
      id: newsletterFeedId(site, lang, newsletter.name),
      lang,
      name: localized(newsletter.title, lang, site),
      page: newsletterPath(site, lang, newsletter.name),
    },
    newestFirst.slice(0, options.items).map((edition) => editionEntry(site, lang, newsletter.name, edition)),
  );
}

function editionEntry(site: Site, lang: string, newsletter: string, edition: FeedEdition): FeedEntry {
  const { key, subject, summary, html, url, sentAt } = edition;
  return createEntry({
    id: editionEntryId(site, lang, newsletter, key),
    url,
    lang,
    title: subject,
    summary,
    html,
    published: sentAt,
    // What was sent never changes.
    updated: sentAt,
    authors: [],
    categories: [],
    image: null,
    audio: null,
    place: null,
  });
}

function descending(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1;
}
