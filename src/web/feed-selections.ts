import type { Clock } from '../clock.ts';
import type { PublishedCatalog } from '../content/index.ts';
import {
  createSelectionFeed,
  type Feed,
  type FeedDocument,
  type FeedFormat,
  type FeedOptions,
  feedFileNames,
  feedFormats,
  parseSelection,
  type Selection,
} from '../feeds/index.ts';
import { type Site, selectionPath } from '../site.ts';

/** What an address under `/feeds/select` asks for. */
export type SelectedFeed =
  | { readonly kind: 'selection'; print(format: FeedFormat): Promise<FeedDocument> }
  /** The one way to write it, without `?`. */
  | { readonly kind: 'redirect'; readonly query: string }
  /** Nothing is chosen: the home feed. */
  | { readonly kind: 'everything' }
  /** A sentence for whoever wrote the address. */
  | { readonly kind: 'invalid'; readonly message: string };

/** @param query without its `?`, from the network: anything may be in it. */
export type FeedSelections = (lang: string, query: string) => SelectedFeed;

export interface FeedSelectionParts {
  readonly site: Site;
  readonly options: FeedOptions;
  readonly clock: Clock;
  published(): PublishedCatalog;
  printOnDemand(feed: Feed, format: FeedFormat): Promise<FeedDocument>;
}

/** Selections of one state of the catalog that are remembered. */
const maxFeeds = 64;

export function createFeedSelections(parts: FeedSelectionParts): FeedSelections {
  const { site, options, clock, printOnDemand } = parts;
  const known = new WeakMap<PublishedCatalog, Map<string, Feed>>();

  function feedOf(lang: string, query: string, selection: Selection): Feed {
    const published = parts.published();
    const feeds = known.get(published) ?? new Map<string, Feed>();
    known.set(published, feeds);
    const key = `${lang} ${query}`;
    const before = feeds.get(key);
    if (before) return before;
    const feed = createSelectionFeed(site, options, lang, selection, published, clock.now());
    if (feeds.size >= maxFeeds) feeds.clear();
    feeds.set(key, feed);
    return feed;
  }

  return (lang, query) => {
    const parsed = parseSelection(query, site);
    if (parsed.kind !== 'selection') return parsed;
    // Whoever asks too often costs nothing: the articles are looked through for a document alone.
    return { kind: 'selection', print: async (format) => printOnDemand(feedOf(lang, query, parsed.selection), format) };
  };
}

/** Which language's selection in which format a path names (`/fa/feeds/select/rss.xml`); null for any other path. */
export function findSelectionDocument(site: Site, path: string): { lang: string; format: FeedFormat } | null {
  if (!path.includes('/feeds/select/')) return null;
  for (const lang of site.languages) {
    for (const format of feedFormats) {
      if (path === `${selectionPath(site, lang)}/${feedFileNames[format]}`) return { lang, format };
    }
  }
  return null;
}

/** Whether a path is the readable page of selections in some language (`/fa/feeds/select`). */
export function isSelectionPage(site: Site, path: string): boolean {
  return path.endsWith('/feeds/select') && site.languages.some((lang) => path === selectionPath(site, lang));
}
