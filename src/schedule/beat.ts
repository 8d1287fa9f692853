import type { Instant } from '../clock.ts';

/** `worker`: a process that stays; `pass`: one that comes and goes, as `run` and `send`. */
export type BeatenBy = 'worker' | 'pass';

/** The ledger's heartbeat: how far this database has come. */
export interface Beat {
  /** Told apart from other ledgers by it. */
  readonly ledger: string;
  /** Beats so far. */
  readonly beats: number;
  readonly at: Instant;
  readonly by: BeatenBy;
  /** When `silkpost restore` put this database in place; null once that has been acted on. */
  readonly restoredAt: Instant | null;
}
