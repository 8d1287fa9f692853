import type { Instant } from '../clock.ts';
import type { Subscriber, SubscriberState } from './subscriber.ts';
import type { Subscription, SubscriptionSource } from './subscription.ts';

/** What is needed to add a reader. Every text is already checked. */
export interface NewSubscriber {
  readonly email: string;
  readonly name: string | null;
  readonly lang: string;
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly timezone: string | null;
  readonly newsletters: readonly string[];
  readonly source: SubscriptionSource;
  /** Where the consent came from, in the operator's words. */
  readonly consent: string;
  readonly sample: boolean;
}

export type AddOutcome = 'added' | 'updated' | 'unchanged' | 'suppressed';

export interface SubscriberStore {
  /** Adds or updates by address key; a suppressed address stays out. One transaction for all of them. */
  addSubscribers(subscribers: readonly NewSubscriber[], now: Instant): Promise<AddOutcome[]>;
  findByEmail(email: string): Promise<{ subscriber: Subscriber; subscriptions: Subscription[] } | null>;
  findById(id: number): Promise<{ subscriber: Subscriber; subscriptions: Subscription[] } | null>;
  /** In order of address; streams, so that a million rows take constant memory. */
  listSubscribers(filter?: {
    newsletter?: string;
    states?: readonly SubscriberState[];
  }): AsyncIterable<{ subscriber: Subscriber; subscriptions: Subscription[] }>;
  countSubscribers(): Promise<number>;
  countReaders(newsletter: string): Promise<number>;
  /** Leaves one newsletter; durable when it resolves. False where there was nothing to leave (a repeat). */
  leave(subscriberId: number, newsletter: string, source: SubscriptionSource, now: Instant): Promise<boolean>;
  /** Leaves every newsletter. */
  leaveAll(subscriberId: number, source: SubscriptionSource, now: Instant): Promise<void>;
  /** Deletes the three sample readers; returns how many there were. */
  removeSamples(): Promise<number>;
  isSuppressed(email: string): Promise<boolean>;
  suppress(email: string, reason: string, now: Instant): Promise<void>;
}
