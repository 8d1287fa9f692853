import type { Target } from './markdown-report.ts';

/** What `npm run bench` was asked for, and what each bench gets. */
export interface BenchOptions {
  /** A temporary folder of the bench's own. */
  readonly folder: string;
  /** The compiled program's `bin/silkpost.js`. */
  readonly bin: string;
  /** Null: the bench's own default. */
  readonly articles: number | null;
  readonly rounds: number;
  /** Null: the bench's own default. */
  readonly readers: number | null;
  /** In the ledger of the console's bench. */
  readonly editions: number;
  readonly eleventy: boolean;
  readonly rebuilds: number;
  /** How long the service stands still before its memory is read. */
  readonly minutes: number;
  /** Seconds that each server is asked for. */
  readonly seconds: number;
  /** Files saved in the running service. */
  readonly saves: number;
  print(markdown: string): void;
}

/** One bench: prints its tables, and returns the targets that it measured. */
export type Bench = (options: BenchOptions) => Promise<readonly Target[]>;
