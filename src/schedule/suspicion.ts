import { type Instant, plusMs, toMs } from '../clock.ts';
import type { Edition, Newsletter } from '../digest/index.ts';
import type { Beat } from './beat.ts';
import { previousDue } from './cadence.ts';
import { type Series, seriesName } from './rhythm.ts';

/** `restored`: the database may be older than the last mail. `clock`: the clock was moved. */
export type SuspicionReason = 'restored' | 'clock';

/** A stretch of time of which the ledger may not know what was sent. */
export interface Doubt {
  readonly reason: SuspicionReason;
  /** What the ledger, or the clock, said last; now where the ledger never said anything. */
  readonly from: Instant;
  /** Now; before `from` where the clock went back. */
  readonly to: Instant;
  /** Whether the database is known to be an older one; otherwise it is only long since its last beat. */
  readonly isCertain: boolean;
}

/** What is at stake: editions to hold at once, newsletters whose next edition is to be held. */
export interface Suspicion {
  readonly reason: SuspicionReason;
  /** What is held has stood still since. */
  readonly since: Instant;
  readonly editions: readonly string[];
  /** Also `daily (weekly)`: its editions for readers of a rhythm. */
  readonly newsletters: readonly string[];
}

/** The program's own note beside the database of the last beat. */
export interface Witness {
  readonly ledger: string;
  readonly beats: number;
}

/** More than a clock is set by in passing. */
const clockToleranceMs = 5 * 60_000;

/**
 * What is doubtful about a ledger when a process starts with it; null: nothing. A note of more beats, or of another ledger
 * (this one may be a copy from before its first beat), shows that something was sent from here that this one can't know.
 */
export function doubtAtStart(beat: Beat | null, witness: Witness | null, now: Instant): Doubt | null {
  const doubt = { from: beat?.at ?? now, to: now };
  const isOlder = witness !== null && (witness.ledger !== beat?.ledger || witness.beats > beat.beats);
  if (isOlder || (beat !== null && beat.restoredAt !== null)) return { ...doubt, reason: 'restored', isCertain: true };
  if (beat === null) return null;
  if (toMs(beat.at) - toMs(now) > clockToleranceMs) return { ...doubt, reason: 'clock', isCertain: false };
  // Who comes and goes leaves gaps: for `run` from cron a day is nothing.
  return beat.by === 'worker' ? { ...doubt, reason: 'restored', isCertain: false } : null;
}

/** What is doubtful once the clock and the time that passed have parted; null: they haven't. */
export function doubtOfClock(before: Instant, passedMs: number, now: Instant): Doubt | null {
  const partedMs = toMs(now) - toMs(before) - passedMs;
  if (Math.abs(partedMs) <= clockToleranceMs) return null;
  return { reason: 'clock', from: plusMs(before, passedMs), to: now, isCertain: false };
}

export interface Stakes {
  readonly series: readonly Series[];
  /** Those that are `approved`, `sending`, `paused` or `held`. */
  readonly open: readonly Edition[];
}

/**
 * What may go out a second time. An older database: all that is open, and each newsletter's next edition; what a person had
 * held or paused may have been let go since. Otherwise what is being sent or may have been resumed, and what has its time
 * within the stretch: nothing else can have gone out in it by itself. A stretch within a newsletter's grace is a mere restart.
 */
export function findSuspicion(doubt: Doubt, { series, open }: Stakes): Suspicion {
  const [first, last] = doubt.from < doubt.to ? [doubt.from, doubt.to] : [doubt.to, doubt.from];
  const isLong = (newsletter: Newsletter | undefined): boolean =>
    doubt.reason === 'clock' || toMs(last) - toMs(first) > (newsletter?.graceMs ?? 0);
  const byName = new Map(series.map(({ newsletter }) => [newsletter.name, newsletter]));
  const editions = open.filter((edition) => {
    const { state, reason, dueAt } = edition;
    if (doubt.isCertain) return state !== 'held' || reason !== 'restored';
    if (state === 'held' || !isLong(byName.get(edition.newsletter))) return false;
    if (state === 'paused') return doubt.reason === 'restored';
    return state === 'sending' || (dueAt > first && dueAt <= last);
  });
  const marked = series.filter(
    ({ newsletter, cadence }) => doubt.isCertain || (isLong(newsletter) && previousDue(cadence, last) > first),
  );
  return {
    reason: doubt.reason,
    since: doubt.from,
    editions: editions.map(({ id }) => id),
    newsletters: marked.map(seriesName),
  };
}
