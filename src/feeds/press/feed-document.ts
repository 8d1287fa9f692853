import type { Instant } from '../../clock.ts';
import type { FeedFormat } from '../feed.ts';
import type { PieceList } from './piece-list.ts';

/** A feed in one format at one URL. Its bytes lie in the public folder; `FeedPress.bytesOf` has them. */
export interface FeedDocument {
  /** URL path, `/fa/rss.xml`. */
  readonly path: string;
  readonly format: FeedFormat;
  /** Bytes, uncompressed. */
  readonly size: number;
  /** Strong entity tag of the plain bytes: their SHA-256 in hex, with its quotes. */
  readonly etag: string;
  /** When these bytes last changed, kept across restarts. */
  readonly lastModified: Instant;
  /** Seconds a client may keep it. */
  readonly maxAge: number;
  /** Its own address, absolute. */
  readonly url: string;
  /** WebSub hubs that are told when it changes. */
  readonly hubs: readonly string[];
}

/** What is remembered of each document between two starts. */
export interface FeedDocumentRecord {
  readonly path: string;
  /** SHA-256 of the body, hex. */
  readonly hash: string;
  readonly size: number;
  readonly changedAt: Instant;
  readonly maxAge: number;
  /** Hash of everything that it was made from; empty where something was left out, so that it is made again. */
  readonly inputs: string;
  readonly pieces: PieceList;
}

export interface FeedDocumentStore {
  listDocuments(): Promise<FeedDocumentRecord[]>;
  /** Inserts or replaces by path, in transactions of bounded length. */
  saveDocuments(records: readonly FeedDocumentRecord[]): Promise<void>;
  /** Forgets documents of feeds that exist no longer; unknown paths are ignored. */
  removeDocuments(paths: readonly string[]): Promise<void>;
}
