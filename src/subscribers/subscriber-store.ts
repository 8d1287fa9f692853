import type { Instant } from '../clock.ts';
import type { Consent } from './consent.ts';
import type { Subscriber, SubscriberState } from './subscriber.ts';
import type { Rhythm, Subscription, SubscriptionSource, SubscriptionState } from './subscription.ts';
import type { Lifting, Suppression } from './suppression.ts';

/** What is needed to add a reader, or to change one. Every text is already checked. */
export interface NewSubscriber {
  readonly email: string;
  readonly name: string | null;
  /** In order of preference; at least one. */
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly timezone: string | null;
  readonly newsletters: readonly string[];
  /** Of `newsletters`; left out: as it stands, `each` where new. */
  readonly rhythm?: Rhythm;
  /** The reader is known to have left `newsletters`: that is what is recorded, also of a subscription. Default false. */
  readonly left?: boolean;
  /** Of `newsletters`, those that aren’t simply active. */
  readonly exceptions?: ReadonlyMap<string, SubscriptionException>;
  /** Fields that nobody said anything about: they stay as they are where the reader is known. Default none. */
  readonly unsaid?: readonly ('languages' | 'countries' | 'topics')[];
  /**
   * The address gets no mail, for this reason: that is all that is kept of it. Of an active reader who confirmed by a mail
   * of ours `address_gone` isn’t believed: they stay `unchanged`.
   */
  readonly suppressed?: string;
  /** Of a reader who isn’t known yet. Default `active`. */
  readonly state?: 'active' | 'suspended';
  /** When the reader came and when the consent was given, as far as that is known; default: now. */
  readonly createdAt?: Instant;
  readonly consentedAt?: Instant;
  readonly source: SubscriptionSource;
  /** Where the consent came from, in the operator's words. */
  readonly consent: string;
  readonly sample: boolean;
}

export interface SubscriptionException {
  readonly state: SubscriptionState;
  /** Left out: as for the others. */
  readonly rhythm?: Rhythm;
  /** Of a pause; null: until the reader resumes. */
  readonly pausedUntil: Instant | null;
}

/** `left`: nothing was changed since the reader left every newsletter named, and only an operator's own word undoes that. */
export type AddOutcome = 'added' | 'updated' | 'unchanged' | 'left' | 'suppressed';

export interface SubscriberWithSubscriptions {
  readonly subscriber: Subscriber;
  readonly subscriptions: Subscription[];
}

/** A reader with all that an export tells. */
export interface ExportedReader extends SubscriberWithSubscriptions {
  /** Why the address gets no mail; null: it may. */
  readonly suppressedFor: string | null;
  /** When the reader last agreed to get mail; null where that isn’t known. */
  readonly consentedAt: Instant | null;
}

/** What became of a reader who was erased. */
export interface Erasure {
  /** Where else it is to be looked for. */
  readonly addresses: readonly string[];
  /** Mails that were still to go. */
  readonly cancelled: number;
}

export interface SubscriberFilter {
  readonly newsletter?: string;
  readonly states?: readonly SubscriberState[];
}

export interface SubscriberStore {
  /**
   * Adds or updates by address key; a suppressed address stays out, and what isn't named stays as it is. A newsletter
   * that a reader has left stays left unless the source is `operator`. Outcomes are in the order given. One transaction
   * for all of them: give at most some hundreds at a time.
   */
  addSubscribers(subscribers: readonly NewSubscriber[], now: Instant): Promise<AddOutcome[]>;
  /** Makes room for a great many of these, in a process that does nothing else. */
  expectMany(): Promise<void>;
  findByEmail(email: string): Promise<SubscriberWithSubscriptions | null>;
  findById(id: number): Promise<SubscriberWithSubscriptions | null>;
  /**
   * Those with an address, in its order; streams, so that a million rows take constant memory. With `newsletter` only
   * those who haven't left it.
   */
  listSubscribers(filter?: SubscriberFilter): AsyncIterable<SubscriberWithSubscriptions>;
  /** The same, with what an export tells besides. */
  exportSubscribers(filter?: SubscriberFilter): AsyncIterable<ExportedReader>;
  /** Oldest first; those of an erased reader, too. */
  listConsents(subscriberId: number): Promise<Consent[]>;
  /** Everyone but the erased. */
  countSubscribers(): Promise<number>;
  /** Active subscribers with an active subscription, or one whose pause is over. */
  countReaders(newsletter: string, now: Instant): Promise<number>;
  /** Leaves one newsletter; durable when it resolves. False where there was nothing to leave (a repeat). */
  leave(subscriberId: number, newsletter: string, source: SubscriptionSource, now: Instant): Promise<boolean>;
  /** Leaves every newsletter. */
  leaveAll(subscriberId: number, source: SubscriptionSource, now: Instant): Promise<void>;
  /**
   * Forgets who a reader was, in one transaction: no table has the address, the name or the key of it afterwards, and what
   * was still to go is cancelled. The row, its consents and its deliveries stay without them, so that every sum stays; a
   * suppression stays, and is made where `keepOut`. Null where there is nobody, or nobody any more.
   */
  erase(subscriberId: number, options: { readonly keepOut: boolean }, now: Instant): Promise<Erasure | null>;
  /** Writes the database anew after readers were erased, so that no unused part of its file tells of them; false: try again. */
  scrub(): Promise<boolean>;
  /** Deletes the three sample readers; returns how many there were. */
  removeSamples(): Promise<number>;
  /** Sends mail again to a reader who was suspended, with the bounces forgotten; false where they weren't. */
  liftSuspension(subscriberId: number): Promise<boolean>;
  isSuppressed(email: string): Promise<boolean>;
  /** Keeps an address out from now on; the first reason stays, unless it is `complaint` now. */
  suppress(email: string, reason: string, now: Instant): Promise<void>;
  /** Lets an address in again by an operator's word, with its bounces forgotten. */
  liftSuppression(email: string): Promise<Lifting>;
  /** Oldest first; streams in pages. */
  listSuppressions(): AsyncIterable<Suppression>;
}
