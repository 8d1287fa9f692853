import type { Instant } from '../clock.ts';
import type { Arrival, ArrivalSource } from './bounces/arrival.ts';
import type { Delivery, DeliveryOutcome, DeliveryReason, DeliveryState } from './delivery.ts';
import type { Refusal } from './replies/refusals.ts';
import type { ReplyClass } from './replies/reply-class.ts';

/** Which of an edition's deliveries are looked for: all that is given has to be true of them. */
export interface DeliveryFilter {
  /** In one of these. */
  readonly states?: readonly DeliveryState[];
  readonly reason?: DeliveryReason;
  readonly outcome?: DeliveryOutcome;
  readonly lang?: string;
  /** The recipient domain, in lower case. */
  readonly domain?: string;
  /** What the reader's address, as it is now, begins with, in whatever case. */
  readonly address?: string;
}

export interface DeliveryPage {
  /** In the order of their ids; where an address is looked for, in that of the addresses. */
  readonly deliveries: readonly Delivery[];
  /** After what the next page goes on: a delivery's id, or a reader's where an address is looked for. Null: there are no more. */
  readonly next: number | null;
  /** Whether as many were looked through as one request may, so that there may be less here than would fit. */
  readonly isCutShort: boolean;
}

/** What is known against a delivery. */
export interface DeliveryBounce {
  readonly class: ReplyClass;
  /** RFC 3463 (`5.1.1`); null where none was told. */
  readonly status: string | null;
  /** What the other server said: text from outside. */
  readonly said: string;
  readonly at: Instant;
}

/** A report that came back about a delivery. */
export interface DeliveryArrival {
  readonly id: number;
  readonly source: ArrivalSource;
  readonly kind: Arrival['kind'];
  readonly receivedAt: Instant;
  /** What followed from it. */
  readonly note: string | null;
  /** The report as it came, cut: text from outside. */
  readonly said: string;
}

/** A letter of our own to a reader: a confirmation, a welcome … */
export interface ReaderLetter {
  readonly kind: string;
  readonly state: string;
  /** What came back of a sent one, `bounced` or `complained`; null: nothing. */
  readonly outcome: string | null;
  /** What the relay said; null: nothing yet. */
  readonly reply: string | null;
  readonly createdAt: Instant;
  readonly settledAt: Instant | null;
}

/** What came back of those that were sent. */
export interface ReturnCounts {
  readonly bounced: number;
  readonly complained: number;
}

/** Whom a retry would send to: readers alike. */
export interface MissingGroup {
  readonly state: Extract<DeliveryState, 'failed' | 'cancelled'>;
  readonly reason: DeliveryReason | null;
  readonly readers: number;
}

/** The ledger as people read it: pages that take no time whatever the edition's size. */
export interface DeliveryRecords {
  listPage(editionId: string, filter: DeliveryFilter, after: number, limit: number): Promise<DeliveryPage>;
  /** Null where the edition has no such delivery. */
  findDelivery(editionId: string, deliveryId: number): Promise<Delivery | null>;
  findBounce(deliveryId: number): Promise<DeliveryBounce | null>;
  /** Oldest first. */
  listArrivals(deliveryId: number): Promise<DeliveryArrival[]>;
  /** The newest, the newest first. */
  listLetters(subscriberId: number): Promise<ReaderLetter[]>;
  /** The newest that were put off or failed, some hundred of each at most; the newest first. */
  listRefusals(editionId: string): Promise<Refusal[]>;
  getReturns(editionId: string): Promise<ReturnCounts>;
  /** Whom `DeliveryLedger.retryMissing` would send to; null where there are too many to look at each. */
  listMissing(editionId: string): Promise<MissingGroup[] | null>;
  /** Deliveries in doubt whose reader has another address by now, each with that: sent again, it goes there. */
  listMoved(editionId: string): Promise<ReadonlyMap<number, string>>;
}
