import type { Instant } from '../../clock.ts';
import type { Article } from '../article.ts';
import type { ContentProblem } from '../problem.ts';

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

/** The text of an article's last good version, once somebody wanted it. */
export interface BodyRecord {
  readonly articleId: string;
  /** What it was rendered from: equal versions are equal texts. */
  readonly version: string;
  readonly html: string;
  /** What is wrong with the text. */
  readonly problems: readonly ContentProblem[];
}

/** The id ledger with the last good version of every article. */
export interface ArticleStore {
  listRecords(): Promise<ArticleRecord[]>;
  /** Inserts or replaces by article id, all in transactions of bounded length. */
  saveRecords(records: readonly ArticleRecord[]): Promise<void>;
  /** Bodies of these articles, in any order; those that nobody saved are missing. */
  findBodies(articleIds: readonly string[]): Promise<BodyRecord[]>;
  /** All bodies, some at a time, between which others have their turn. */
  listBodies(): AsyncIterable<readonly BodyRecord[]>;
  /** Inserts or replaces by article id, all in transactions of bounded length. */
  saveBodies(bodies: readonly BodyRecord[]): Promise<void>;
  /** Problems of all bodies that have any, by article id. */
  listBodyProblems(): Promise<Map<string, readonly ContentProblem[]>>;
}
