import type { Instant } from '../clock.ts';

export type SubscriberState = 'pending' | 'active' | 'suspended' | 'erased';

export const subscriberTransitions: Readonly<Record<SubscriberState, readonly SubscriberState[]>> = {
  pending: ['active', 'erased'],
  active: ['suspended', 'erased'],
  suspended: ['active', 'erased'],
  erased: [],
};

/** A person's address, language and preferences. */
export interface Subscriber {
  readonly id: number;
  /** As given, once parsed; null when erased. */
  readonly email: string | null;
  readonly name: string | null;
  /** BCP 47, the publication's, in the reader's order of preference; at least one. */
  readonly languages: readonly string[];
  /** The first of `languages`: that of mails' and pages' own words. */
  readonly lang: string;
  /** Keys; empty means all. */
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  /** IANA name, or null. */
  readonly timezone: string | null;
  readonly state: SubscriberState;
  /** One of the three that a first start adds; gone once a relay is used. */
  readonly sample: boolean;
  readonly createdAt: Instant;
}
