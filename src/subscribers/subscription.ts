import type { Instant } from '../clock.ts';

export type SubscriptionState = 'active' | 'paused' | 'left';

export const subscriptionTransitions: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  active: ['paused', 'left'],
  paused: ['active', 'left'],
  left: ['active'],
};

/** How often a reader wants what a newsletter brings: each edition, or the best of a day, week or month. */
export const rhythms = ['each', 'daily', 'weekly', 'monthly'] as const;

export type Rhythm = (typeof rhythms)[number];

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
  /** What the state was before the reader left, by which leaving is undone; null where that isn't known. */
  readonly leftFrom: SubscriptionState | null;
}

/** Whether it is paused no more, though nobody has said so. */
export function isPauseOver(
  { state, pausedUntil }: Pick<Subscription, 'state' | 'pausedUntil'>,
  now: Instant,
): boolean {
  return state === 'paused' && pausedUntil !== null && pausedUntil <= now;
}
