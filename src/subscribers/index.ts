export type { Subscriber, SubscriberState } from './subscriber.ts';
export type { AddOutcome, NewSubscriber, SubscriberStore } from './subscriber-store.ts';
export type { Subscription, SubscriptionSource, SubscriptionState } from './subscription.ts';
