import type { Instant } from '../clock.ts';
import type { FeedFormat } from './feed.ts';

/** A feed in one format at one URL. */
export interface FeedDocument {
  /** URL path, `/fa/rss.xml`. */
  readonly path: string;
  readonly format: FeedFormat;
  readonly body: Buffer;
  /** Strong entity tag of the plain bytes: their SHA-256 in hex, with its quotes. */
  readonly etag: string;
  /** When these bytes last changed, kept across restarts. */
  readonly lastModified: Instant;
}

/** What is remembered of each document between two starts. */
export interface FeedDocumentRecord {
  readonly path: string;
  /** SHA-256 of the body, hex. */
  readonly hash: string;
  readonly changedAt: Instant;
}

export interface FeedDocumentStore {
  listDocuments(): Promise<FeedDocumentRecord[]>;
  /** Inserts or replaces by path. */
  saveDocuments(records: readonly FeedDocumentRecord[]): Promise<void>;
  /** Forgets documents of feeds that exist no longer; unknown paths are ignored. */
  removeDocuments(paths: readonly string[]): Promise<void>;
}
