import { type Clock, type Instant, plusMs, toMs } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** Rows that went. */
export interface PrunedRows {
  /** Editions whose deliveries went; their sums stay. */
  readonly editions: number;
  readonly deliveries: number;
  /** Raw messages that came back and were handled. */
  readonly arrivals: number;
}

export interface RetentionStore {
  /**
   * Removes, in short transactions: deliveries and choices of editions that were over before `before`, with their sums
   * kept; the rendered pieces of those that never went out; notices from before. Raw messages that were handled and came
   * before `rawBefore`. Never anything of an open edition, and no suppression.
   */
  prune(before: Instant, rawBefore: Instant): Promise<PrunedRows>;
  /** Editions that aren't over: their files stay. */
  listOpenIds(): Promise<string[]>;
}

export interface RetentionOptions {
  readonly store: RetentionStore;
  /** Removes messages of the outbox written before, but for these editions'; returns how many. */
  readonly pruneOutbox: (before: Instant, except: ReadonlySet<string>) => Promise<number>;
  /** How long deliveries, and how long the outbox's and raw messages, are kept; milliseconds. */
  readonly deliveriesMs: number;
  readonly outboxMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 24 * 3_600_000;

/** Makes the function that removes what has been kept for long enough: at most once a day. It never rejects. */
export function createRetention(options: RetentionOptions): () => Promise<void> {
  const { store, clock, log } = options;
  let lastAt: Instant | null = null;
  return async () => {
    const now = clock.now();
    if (lastAt !== null && Math.abs(toMs(now) - toMs(lastAt)) < dayMs) return;
    lastAt = now;
    try {
      const rawBefore = plusMs(now, -options.outboxMs);
      const rows = await store.prune(plusMs(now, -options.deliveriesMs), rawBefore);
      const files = await options.pruneOutbox(rawBefore, new Set(await store.listOpenIds()));
      if (rows.deliveries + rows.arrivals + files > 0) log.info('pruned', { ...rows, files });
    } catch (error) {
      log.error('problem', { message: `What is old could not be removed: ${sentenceOf(error)}` });
    }
  };
}
