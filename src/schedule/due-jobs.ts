import { type Instant, plusMs, toMs } from '../clock.ts';
import type { Edition, Newsletter } from '../digest/index.ts';
import { type Cadence, nextDue, previousDue } from './cadence.ts';
import type { SuspicionReason } from './suspicion.ts';

/** What is known of a newsletter when its next step is decided. */
export interface NewsletterSituation {
  readonly newsletter: Newsletter;
  readonly cadence: Cadence;
  /** When it was first seen with this transport: nothing is sent for times before. */
  readonly since: Instant;
  /** Its open edition, or null. */
  readonly open: Edition | null;
  /** The newest times for which it has an edition from the schedule, whatever became of it. */
  readonly knownTimes: ReadonlySet<Instant>;
  /** Why its next edition on schedule waits for a person, or null. */
  readonly mark: SuspicionReason | null;
}

/** One step towards an edition. Each is safe to repeat. */
export type Job =
  /** Make the draft of the coming edition. */
  | { readonly kind: 'draft'; readonly newsletter: Newsletter; readonly dueAt: Instant }
  /** Compose and send: a new edition for its time, or the open one. */
  | {
      readonly kind: 'send';
      readonly newsletter: Newsletter;
      readonly dueAt: Instant;
      readonly edition: Edition | null;
    }
  /** Not to be sent without asking. */
  | {
      readonly kind: 'hold';
      readonly reason: 'missed' | SuspicionReason;
      readonly newsletter: Newsletter;
      readonly dueAt: Instant;
      readonly edition: Edition | null;
    }
  /** An open edition that nobody decided on before the next one's time. */
  | { readonly kind: 'supersede'; readonly edition: Edition };

/** What a newsletter needs done at `now`, in order. */
export function dueJobs(situation: NewsletterSituation, now: Instant): Job[] {
  const { newsletter, cadence, open, mark } = situation;
  if (open?.state === 'sending' || open?.state === 'paused') return [];
  if (open?.state === 'approved') {
    // For a time that an operator named, or left unfrozen by a crash. One approved out of a hold may be late.
    if (open.dueAt > now) return [];
    const missed = open.reason !== 'operator' && toMs(now) - toMs(open.dueAt) > newsletter.graceMs;
    const marked = open.trigger === 'schedule' && open.reason !== 'operator' ? mark : null;
    const reason = marked ?? (missed ? 'missed' : null);
    return [sendOrHold(newsletter, open.dueAt, open, reason)];
  }
  const due = previousDue(cadence, now);
  const mine = open !== null && open.dueAt === due ? open : null;
  const isNew = due >= situation.since && !situation.knownTimes.has(due);
  if (isNew || mine?.state === 'draft') {
    const jobs: Job[] = open !== null && mine === null ? [{ kind: 'supersede', edition: open }] : [];
    const late = toMs(now) - toMs(due) > newsletter.graceMs;
    jobs.push(sendOrHold(newsletter, due, mine, mark ?? (late ? 'missed' : null)));
    return jobs;
  }
  if (open !== null) return [];
  const next = nextDue(cadence, now);
  const draftAt = plusMs(next, -newsletter.draftLeadMs);
  return draftAt <= now && !situation.knownTimes.has(next) ? [{ kind: 'draft', newsletter, dueAt: next }] : [];
}

function sendOrHold(
  newsletter: Newsletter,
  dueAt: Instant,
  edition: Edition | null,
  reason: 'missed' | SuspicionReason | null,
): Job {
  return reason === null
    ? { kind: 'send', newsletter, dueAt, edition }
    : { kind: 'hold', reason, newsletter, dueAt, edition };
}
