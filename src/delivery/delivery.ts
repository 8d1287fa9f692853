import type { Instant } from '../clock.ts';
import type { ReplyClass } from './replies/reply-class.ts';
import type { Phase } from './transport.ts';

export type DeliveryState =
  | 'excluded'
  | 'queued'
  | 'claimed'
  | 'attempting'
  | 'sent'
  | 'deferred'
  | 'failed'
  | 'in_doubt'
  | 'cancelled';

/**
 * `queued` and `deferred` fail only at the edition's expiry. `deferred` goes back to be claimed at its time; `queued` is
 * deferred where its whole domain is. `attempting → in_doubt` is the only way into doubt, and only late evidence or an
 * operator leads out of it. `failed` and `cancelled` are queued again only by an operator's retry.
 */
export const deliveryTransitions: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  excluded: [],
  queued: ['claimed', 'deferred', 'cancelled', 'failed'],
  claimed: ['attempting', 'queued', 'deferred', 'failed', 'cancelled'],
  attempting: ['sent', 'deferred', 'failed', 'queued', 'in_doubt'],
  sent: [],
  deferred: ['claimed', 'queued', 'cancelled', 'failed'],
  failed: ['queued'],
  in_doubt: ['sent', 'failed', 'deferred', 'queued'],
  cancelled: ['queued'],
};

/** Why a reader gets no edition, whatever is in it. */
export type StandingExclusion = 'suppressed' | 'suspended' | 'reserved_domain';

export type ExclusionReason = StandingExclusion | 'nothing_for_reader' | 'already_received';

export type CancellationReason =
  | 'reader_left'
  | 'reader_paused'
  | 'suppressed'
  | 'suspended'
  | 'erased'
  | 'edition_cancelled'
  | 'article_withdrawn';

/** The relay said no for good; the edition's time was over before it said yes. */
type FailureReason = 'rejected' | 'expired';

/** No answer to the final dot; the process that had begun it ended. */
type DoubtReason = 'no_answer' | 'worker_gone';

/** Why it is deferred though no answer says so: its domain refuses the sender, and gets nothing for a while. */
type DeferralReason = 'domain_closed';

export type DeliveryReason = ExclusionReason | CancellationReason | FailureReason | DoubtReason | DeferralReason;

export type DeliveryOutcome = 'accepted' | 'bounced' | 'complained';

/** One edition to one subscriber: the row in the ledger. */
export interface Delivery {
  readonly id: number;
  readonly editionId: string;
  /** Null once the subscriber is erased. */
  readonly subscriberId: number | null;
  readonly address: string | null;
  readonly lang: string;
  /** Number of the edition's variant; null when excluded. */
  readonly variant: number | null;
  readonly state: DeliveryState;
  readonly reason: DeliveryReason | null;
  /** Tries that reached a relay so far. */
  readonly attempts: number;
  readonly notBefore: Instant | null;
  /** The relay's last answer, as text. */
  readonly reply: string | null;
  /** What that answer says about whom; null where there was none. */
  readonly replyClass: ReplyClass | null;
  /** How far the dialogue with the relay came; null where there was none. */
  readonly phase: Phase | null;
  readonly messageId: string | null;
  /** What came back of a sent one: nothing bad so far, a report that it failed, a complaint; null where nothing is known. */
  readonly outcome: DeliveryOutcome | null;
  /** When a relay last asked for its content. */
  readonly attemptedAt: Instant | null;
  readonly updatedAt: Instant;
}
