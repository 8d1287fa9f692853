export { parseEmailAddress } from './email-address.ts';
export { createEraseReader, type EraseReader } from './erase-reader.ts';
export { exportSubscribers } from './export.ts';
export { type ImportProblem, type ImportResult, importSubscribers } from './import.ts';
export { addressKey, deliveryKey, type Keys, openKeys } from './keys.ts';
export { createLinkToken, type LinkPurpose } from './link-token.ts';
export { findPreferences, leaveByPreferences } from './preferences.ts';
export { parseReaderFields, readerChoices } from './reader-fields.ts';
export { sampleReaders } from './sample-readers.ts';
export { type Subscriber, type SubscriberState, subscriberTransitions } from './subscriber.ts';
export type {
  AddOutcome,
  Erasure,
  NewSubscriber,
  SubscriberStore,
  SubscriberWithSubscriptions,
} from './subscriber-store.ts';
export type { Rhythm, Subscription, SubscriptionSource, SubscriptionState } from './subscription.ts';
export type { Lifting, Suppression } from './suppression.ts';
export { leaveByToken, readUnsubscribeToken } from './unsubscribe.ts';
