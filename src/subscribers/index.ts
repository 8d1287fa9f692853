export { type EmailAddress, isReservedDomain, parseEmailAddress } from './email-address.ts';
export { addressKey, type Keys, openKeys } from './keys.ts';
export { createLinkToken, type LinkPayload, type LinkPurpose, readLinkToken } from './link-token.ts';
export { findPreferences, leaveByPreferences, maskAddress, type Preferences } from './preferences.ts';
export { sampleReaders } from './sample-readers.ts';
export type { Subscriber, SubscriberState } from './subscriber.ts';
export type { AddOutcome, NewSubscriber, SubscriberStore, SubscriberWithSubscriptions } from './subscriber-store.ts';
export type { Subscription, SubscriptionSource, SubscriptionState } from './subscription.ts';
export { type LeavingDesk, leaveByToken, readUnsubscribeToken } from './unsubscribe.ts';
