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
  /** The one that is decided on and not over, or null. */
  readonly pending: Edition | null;
  /** The draft of its next edition on schedule, or null. */
  readonly draft: Edition | null;
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
  /** A draft or a held edition that nobody decided on before the next one's time. */
  | { readonly kind: 'supersede'; readonly edition: Edition };

/**
 * What a newsletter needs done at `now`, in order. The schedule's edition waits while another one is on its way, and goes
 * afterwards, within its grace.
 */
export function dueJobs(situation: NewsletterSituation, now: Instant): Job[] {
  const { pending } = situation;
  const coming = draftJobs(situation, now);
  if (pending?.state === 'approved') return [...releaseJobs(situation, pending, now), ...coming];
  if (pending?.state === 'sending' || pending?.state === 'paused') return coming;
  return [...scheduledJobs(situation, now), ...coming];
}

/** For a time that an operator named, or left unfrozen by a crash. One approved out of a hold may be late. */
function releaseJobs({ newsletter, mark }: NewsletterSituation, approved: Edition, now: Instant): Job[] {
  if (approved.dueAt > now) return [];
  const missed = approved.reason !== 'operator' && toMs(now) - toMs(approved.dueAt) > newsletter.graceMs;
  const marked = approved.trigger === 'schedule' && approved.reason !== 'operator' ? mark : null;
  const reason = marked ?? (missed ? 'missed' : null);
  return [sendOrHold(newsletter, approved.dueAt, approved, reason)];
}

/** The edition of the last time, where it isn't decided on; it takes the place of what nobody decided on before that. */
function scheduledJobs(situation: NewsletterSituation, now: Instant): Job[] {
  const { newsletter, cadence, pending, draft, mark } = situation;
  const due = previousDue(cadence, now);
  const mine = draft?.dueAt === due ? draft : null;
  if (mine === null && (due < situation.since || situation.knownTimes.has(due))) return [];
  // Held since then: a person decides on that one first.
  if (pending !== null && pending.dueAt >= due) return [];
  const late = toMs(now) - toMs(due) > newsletter.graceMs;
  const isLeft = draft !== mine && draft?.dueAt !== nextDue(cadence, now);
  const superseded = [pending, isLeft ? draft : null].filter((edition) => edition !== null);
  return [
    ...superseded.map((edition): Job => ({ kind: 'supersede', edition })),
    sendOrHold(newsletter, due, mine, mark ?? (late ? 'missed' : null)),
  ];
}

/** The draft of the next time, from its lead time on. */
function draftJobs({ newsletter, cadence, draft, knownTimes }: NewsletterSituation, now: Instant): Job[] {
  const next = nextDue(cadence, now);
  const isTime = plusMs(next, -newsletter.draftLeadMs) <= now;
  return isTime && draft === null && !knownTimes.has(next) ? [{ kind: 'draft', newsletter, dueAt: next }] : [];
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
