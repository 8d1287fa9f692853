import type { Instant } from '../../clock.ts';
import type { ReplyClass } from '../replies/reply-class.ts';
import type { Arrival, ArrivalSource } from './arrival.ts';
import type { BounceConsequence } from './bounce-policy.ts';

/**
 * `quarantined`: it couldn't be understood, and is looked at again by a later version or when an operator asks for it.
 * `ignored`: understood, and of no consequence.
 */
export type ArrivalState = 'new' | 'handled' | 'ignored' | 'quarantined';

export interface StoredArrival {
  readonly id: number;
  readonly source: ArrivalSource;
  readonly raw: Buffer;
}

/** A row as operators see it. */
export interface ArrivalRecord {
  readonly id: number;
  readonly source: ArrivalSource;
  readonly receivedAt: Instant;
  readonly state: ArrivalState;
  /** What it was found to be; null while it is new. */
  readonly kind: Arrival['kind'] | null;
  /** A sentence: what followed from it, or why nothing did. */
  readonly note: string | null;
  readonly bytes: number;
}

/** What followed from an arrival. */
export interface AppliedArrival {
  readonly state: Exclude<ArrivalState, 'new'>;
  readonly note: string;
  /** The deliveries that it was about. */
  readonly deliveries: readonly AppliedDelivery[];
}

export interface AppliedDelivery {
  readonly deliveryId: number;
  readonly editionId: string;
  /** Null where it is no failure. */
  readonly class: ReplyClass | null;
  readonly consequence: BounceConsequence;
  /** Whether it says something that wasn't known of the delivery. */
  readonly isNews: boolean;
}

/** A message of a mailbox (RFC 3501 §2.3.1.1): UIDs mean something only as long as the validity is the same. */
export interface MailboxPosition {
  readonly uidValidity: string;
  readonly uid: number;
}

/** What came back, raw first: kept before anything is understood of it. */
export interface ArrivalStore {
  /**
   * Keeps it; durable when it resolves. `known`: the same key was there already, and nothing is changed.
   *
   * @param key The same for the same message, whichever way it comes.
   */
  add(arrival: { source: ArrivalSource; key: string; raw: Buffer }, now: Instant): Promise<'added' | 'known'>;
  /** What is to be understood, oldest first, after an id: new ones, and quarantined ones that no version since `reader` saw. */
  listOpen(reader: number, after: number, limit: number): Promise<StoredArrival[]>;
  /**
   * Carries out what follows and marks it, in one transaction; null where another process has done so.
   *
   * @param reader The version that understood it so.
   */
  apply(id: number, arrival: Arrival, reader: number, now: Instant): Promise<AppliedArrival | null>;
  /** What the arrival with this key was found to be; null while it is new, and where there is none. */
  findKind(key: string): Promise<Arrival['kind'] | null>;
  /** Up to which message a mailbox has been read; null where it never was. */
  findPosition(mailbox: string): Promise<MailboxPosition | null>;
  savePosition(mailbox: string, position: MailboxPosition): Promise<void>;
  /** Newest first. */
  listArrivals(filter: { states: readonly ArrivalState[]; limit: number }): Promise<ArrivalRecord[]>;
  /** The message as it came, or null. */
  findRaw(id: number): Promise<Buffer | null>;
  /** How many couldn't be understood. */
  countQuarantined(): Promise<number>;
  /** Makes quarantined ones new again; returns how many. */
  retryQuarantined(): Promise<number>;
}
