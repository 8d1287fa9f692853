import type { Instant } from '../clock.ts';

export type SubscriptionState = 'active' | 'paused' | 'left';

export const subscriptionTransitions: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  active: ['paused', 'left'],
  paused: ['active', 'left'],
  left: ['active'],
};

/** How often a reader wants what a newsletter brings: each edition, or the best of a day, week or month. */
export type Rhythm = 'each' | 'daily' | 'weekly' | 'monthly';

/** How it came about: by the operator's word, a file, the first start, a sign-up, the reader's click, page or mail. */
export type SubscriptionSource = 'operator' | 'import' | 'sample' | 'form' | 'one-click' | 'page' | 'mail';

/** Subscriber × newsletter. */
export interface Subscription {
  readonly subscriberId: number;
  readonly newsletter: string;
  readonly state: SubscriptionState;
  readonly since: Instant;
  readonly source: SubscriptionSource;
  /** Default `each`. */
  readonly rhythm: Rhythm;
  /** Of a pause: from then on it counts as active; null: until the reader resumes. */
  readonly pausedUntil: Instant | null;
}
