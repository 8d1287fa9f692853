import type { Clock, Instant } from '../../clock.ts';
import type { Article, PublishedCatalog } from '../../content/index.ts';
import type { Log } from '../../log.ts';
import type { Site } from '../../site.ts';
import type { Feed, FeedFormat } from '../feed.ts';
import type { FeedOptions } from '../feed-catalog.ts';
import type { FeedRenderer } from '../formats/feed-renderer.ts';
import type { Coding } from './document-bytes.ts';
import type { EntrySource } from './entry-pieces.ts';
import type { FeedDocument, FeedDocumentStore } from './feed-document.ts';
import type { FeedProblem } from './print-document.ts';

export interface FeedPressParts {
  readonly site: Site;
  readonly options: FeedOptions;
  /** Where documents are written; it may hold other files. */
  readonly publicDir: string;
  readonly store: FeedDocumentStore;
  /** Where texts and rendered entries come from. */
  readonly source: EntrySource;
  /** Feeds besides those of articles. */
  readonly others?: () => Promise<readonly Feed[]>;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: Silkpost's own. */
  readonly renderers?: Readonly<Record<FeedFormat, FeedRenderer>>;
}

export interface PublishedFeeds {
  /** How many documents there are now. */
  readonly documents: number;
  /** Whether none were remembered before: a publication's first. */
  readonly isFirst: boolean;
  /** URL paths of the documents that were written and removed. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly problems: readonly FeedProblem[];
}

export interface PublishOptions {
  /**
   * Whether {@link FeedPress.finish} follows, so that feeds may lead to archives that aren't there yet; default: true.
   * Otherwise those do without the link (RFC 5005 §4 lets them).
   */
  readonly makesArchives?: boolean;
  /** Nothing new is served before it resolves; default: at once. */
  readonly ready?: () => Promise<void>;
  /**
   * Told of documents whose bytes are new, once they are served and before they are remembered: after a crash between
   * the two they are new once more, and nobody goes without the news.
   *
   * @param isFirst as in {@link PublishedFeeds}.
   */
  readonly announce?: (documents: readonly FeedDocument[], isFirst: boolean) => Promise<void>;
}

/** Turns the published catalog into feed documents and lays them into the public folder. */
export interface FeedPress {
  /**
   * Renders the documents whose entries or texts changed since the last time, in whatever process that was. Calls wait
   * for one another. What doesn't parse back is left out (of a whole document the last good one stays) and reported, and
   * so is a file that can't be written. Throws only what the store, `ready` and `announce` throw.
   */
  publish(published: PublishedCatalog, now: Instant, options?: PublishOptions): Promise<PublishedFeeds>;
  /** How many archive documents are still to be made by {@link FeedPress.finish}. */
  readonly waiting: number;
  /** Whether a document isn't there yet that feeds lead to, and that {@link FeedPress.finish} makes. */
  isWaiting(path: string): boolean;
  /**
   * Whether the feeds lie in the public folder as they were written: another process that began earlier may have put older
   * ones in their place. The next `publish` lays out what doesn't. Archives, of which there are thousands, aren't looked for.
   */
  areThere(): boolean;
  /**
   * What can wait until the documents are out: lays their compressed twins beside them, and makes those parts of the
   * archives that never were. A `publish` meanwhile goes first. Ends early once the press is closed.
   */
  finish(onProgress?: (done: number, all: number) => void): Promise<PublishedFeeds>;
  /** The document of a feed that is made only when somebody asks for it; a bounded number is kept. */
  printOnDemand(feed: Feed, format: FeedFormat): Promise<FeedDocument>;
  /** @param path URL path, `/fa/rss.xml`. */
  find(path: string): FeedDocument | null;
  /** How many entries a document has; 0 where there is none. */
  countEntries(path: string): number;
  /** URL paths of the documents that hold an article as it is now. */
  listHolding(article: Article): string[];
  /** A document's bytes in a coding, at once where they are at hand. Rejects with `unavailable` where they are lost. */
  bytesOf(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer>;
  /** Begins nothing more; resolves when what was begun is done. */
  close(): Promise<void>;
}
