import type { Instant } from '../clock.ts';

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
 * `queued` and `deferred` fail only at the edition's expiry. `deferred` goes back to be claimed at its time. `attempting → in_doubt` is the only way into doubt, and only late
 * evidence or an operator leads out of it.
 */
export const deliveryTransitions: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  excluded: [],
  queued: ['claimed', 'cancelled', 'failed'],
  claimed: ['attempting', 'queued', 'deferred', 'failed', 'cancelled'],
  attempting: ['sent', 'deferred', 'failed', 'queued', 'in_doubt'],
  sent: [],
  deferred: ['claimed', 'queued', 'cancelled', 'failed'],
  failed: ['queued'],
  in_doubt: ['sent', 'failed', 'deferred', 'queued'],
  cancelled: [],
};

type ExclusionReason = 'nothing_for_reader' | 'suppressed' | 'suspended' | 'reserved_domain' | 'already_received';

export type CancellationReason =
  | 'reader_left'
  | 'suppressed'
  | 'suspended'
  | 'erased'
  | 'edition_cancelled'
  | 'article_withdrawn';

/** The relay said no for good; the edition's time was over before it said yes. */
type FailureReason = 'rejected' | 'expired';

/** No answer to the final dot; the process that had begun it ended. */
type DoubtReason = 'no_answer' | 'worker_gone';

export type DeliveryReason = ExclusionReason | CancellationReason | FailureReason | DoubtReason;

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
  readonly messageId: string | null;
  readonly updatedAt: Instant;
}
