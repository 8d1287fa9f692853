import { Temporal } from 'temporal-polyfill';
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
  /** Letters to one reader that are settled. */
  readonly letters: number;
  /** Readers who never confirmed. */
  readonly pending: number;
}

/** What came before goes. */
export interface RetentionLimits {
  readonly deliveries: Instant;
  /** Raw messages. */
  readonly raw: Instant;
  /** Letters to single readers. */
  readonly letters: Instant;
  /** Sign-ups and changes of address that nobody has confirmed. */
  readonly pending: Instant;
}

export interface RetentionStore {
  /**
   * Removes, in short transactions: deliveries and choices of editions that were over before, with their sums kept; the
   * rendered pieces of those that never went out; notices; how often feeds were asked for. Raw messages that were handled, and letters that are settled.
   * Readers who signed up and never confirmed, with all that is known of them; changes of address that weren't either. Never anything of an open edition, and no
   * suppression.
   */
  prune(before: RetentionLimits): Promise<PrunedRows>;
  /** Whether mails of an edition are going out now; not where all that is left of it was put off. */
  isSending(): Promise<boolean>;
  /** Editions that aren't over: their files stay. */
  listOpenIds(): Promise<string[]>;
}

export interface RetentionOptions {
  readonly store: RetentionStore;
  /** Removes messages of the outbox written before, but for these editions'; returns how many. */
  readonly pruneOutbox: (before: Instant, except: ReadonlySet<string>) => Promise<number>;
  /** Takes what was erased out of the database's file; false, or a rejection, where it has to be tried again. */
  readonly scrub: () => Promise<boolean>;
  /** How long deliveries, the outbox's and raw messages, and readers who don't confirm are kept; milliseconds. */
  readonly deliveriesMs: number;
  readonly outboxMs: number;
  readonly pendingMs: number;
  /** Whose nights are quiet: IANA name. */
  readonly timezone: string;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 24 * 3_600_000;
/** What an address may get within 30 days is counted by them. */
const leastLettersMs = 31 * dayMs;

/** After a try to write the file anew that came to nothing, as on a full disk: each may write all of it. */
const scrubAgainMs = 3_600_000;

/** The hours of the night from which on and before which nobody minds a writer that waits. */
const quietHours = [2, 5] as const;

/**
 * Makes the function that removes what has been kept for long enough: at most once a day, and out of the database's file at
 * night, unless `atAnyHour`. It never rejects.
 */
export function createRetention(options: RetentionOptions): (atAnyHour: boolean) => Promise<void> {
  const { store, clock, log } = options;
  let prunedAt: Instant | null = null;
  let scrubbedAt: Instant | null = null;
  let triedAt: Instant | null = null;

  async function prune(now: Instant): Promise<void> {
    prunedAt = now;
    const before = {
      deliveries: plusMs(now, -options.deliveriesMs),
      raw: plusMs(now, -options.outboxMs),
      letters: plusMs(now, -Math.max(options.outboxMs, leastLettersMs)),
      pending: plusMs(now, -options.pendingMs),
    };
    const rows = await store.prune(before);
    const files = await options.pruneOutbox(before.raw, new Set(await store.listOpenIds()));
    const { deliveries, arrivals, letters, pending } = rows;
    if (deliveries + arrivals + letters + pending + files > 0) log.info('pruned', { ...rows, files });
  }

  /** Not while mails go out: it keeps all other writers waiting. */
  async function scrub(now: Instant): Promise<void> {
    if (await store.isSending()) return;
    triedAt = now;
    if (await options.scrub()) scrubbedAt = now;
  }

  function isNight(now: Instant): boolean {
    const { hour } = Temporal.Instant.from(now).toZonedDateTimeISO(options.timezone);
    return hour >= quietHours[0] && hour < quietHours[1];
  }

  return async (atAnyHour) => {
    const now = clock.now();
    try {
      if (isAgo(prunedAt, dayMs, now)) await prune(now);
      const isScrubDue = isAgo(scrubbedAt, dayMs, now) && isAgo(triedAt, scrubAgainMs, now);
      if (isScrubDue && (atAnyHour || isNight(now))) await scrub(now);
    } catch (error) {
      log.error('problem', { message: `What is old could not be removed: ${sentenceOf(error)}` });
    }
  };
}

function isAgo(at: Instant | null, ms: number, now: Instant): boolean {
  return at === null || Math.abs(toMs(now) - toMs(at)) >= ms;
}
