import type { Instant } from '../clock.ts';
import type { Article } from './article.ts';

/** A file's last good version with what identity and caching need to know about it. */
export interface ArticleRecord {
  /** Path relative to `content/`. */
  readonly path: string;
  /** Bytes and modification time (ms) of the file when it was parsed. */
  readonly size: number;
  readonly mtimeMs: number;
  /** Hash of the renderer's version and of the configuration that went into `article`. */
  readonly renderKey: string;
  /** Hash of the body alone: tells a moved file from a new one. */
  readonly bodyHash: string;
  readonly article: Article;
  /** When the file was last missing; null while it exists. */
  readonly goneAt: Instant | null;
}

/** The id ledger with the last good version of every article. */
export interface ArticleStore {
  listRecords(): Promise<ArticleRecord[]>;
  /** Inserts or replaces by article id, all in transactions of bounded length. */
  saveRecords(records: readonly ArticleRecord[]): Promise<void>;
}
