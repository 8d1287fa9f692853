import type { Instant } from '../clock.ts';

export type SubscriptionState = 'active' | 'paused' | 'left';

export const subscriptionTransitions: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  active: ['paused', 'left'],
  paused: ['active', 'left'],
  left: ['active'],
};

/** How it came about: by the operator's word, a file, the first start, the reader's click, page or mail. */
export type SubscriptionSource = 'operator' | 'import' | 'sample' | 'one-click' | 'page' | 'mail';

/** Subscriber × newsletter. */
export interface Subscription {
  readonly subscriberId: number;
  readonly newsletter: string;
  readonly state: SubscriptionState;
  readonly since: Instant;
  readonly source: SubscriptionSource;
}
