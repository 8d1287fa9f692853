import type { Instant } from '../clock.ts';
import type { Subscriber } from './subscriber.ts';
import type { Subscription } from './subscription.ts';

/** Everything that is kept about one reader, as they are given it: plain JSON. */
export interface OwnData {
  readonly profile: Omit<Subscriber, 'id' | 'sample'>;
  /** Whether and why the address gets no mail. */
  readonly suppression: { readonly reason: string; readonly since: Instant } | null;
  readonly subscriptions: readonly Omit<Subscription, 'subscriberId'>[];
  readonly consents: readonly OwnConsent[];
  /** Of every edition that the reader was considered for. */
  readonly deliveries: readonly OwnDelivery[];
  readonly bounces: readonly OwnBounce[];
  /** Mails to this reader alone. */
  readonly letters: readonly OwnLetter[];
  /** An address that waits to be confirmed. */
  readonly addressChange: { readonly email: string; readonly at: Instant } | null;
}

export interface OwnConsent {
  readonly what: string;
  readonly newsletters: unknown;
  readonly lists: unknown;
  readonly wording: string;
  readonly lang: string;
  readonly version: string;
  readonly how: string;
  readonly at: Instant;
  readonly ip: string | null;
}

export interface OwnDelivery {
  readonly newsletter: string;
  readonly edition: string;
  readonly address: string | null;
  readonly lang: string;
  readonly state: string;
  readonly reason: string | null;
  readonly outcome: string | null;
  readonly attempts: number;
  readonly reply: string | null;
  readonly messageId: string | null;
  readonly attemptedAt: Instant | null;
  readonly updatedAt: Instant;
}

export interface OwnBounce {
  readonly class: string;
  readonly status: string | null;
  readonly said: string;
  readonly sentAt: Instant;
  readonly at: Instant;
}

export interface OwnLetter {
  readonly kind: string;
  readonly state: string;
  /** What came back of a sent one, `bounced` or `complained`; null: nothing. */
  readonly outcome: string | null;
  readonly lang: string;
  readonly createdAt: Instant;
  readonly settledAt: Instant | null;
}

/** Where it is gathered. */
export interface OwnDataStore {
  /** Null for a reader who is gone. */
  findOwnData(subscriberId: number): Promise<OwnData | null>;
}
