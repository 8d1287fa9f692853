export type { AddressChangeStore } from './address-change-store.ts';
export type { Consent } from './consent.ts';
export { domainOf, isReservedDomain, parseEmailAddress } from './email-address.ts';
export { createEraseReader, type EraseReader } from './erase-reader.ts';
export { type ExportStatus, exportStatuses, exportSubscribers } from './export.ts';
export { guardFormula } from './formula-guard.ts';
export { type ImportedRow, type ImportResult, importSubscribers, noRows } from './import.ts';
export type { ImportHeader } from './import-header.ts';
export { type ImportJob, type ImportJobState, type ImportJobStore, importJobTransitions } from './import-job.ts';
export { previewImport } from './import-preview.ts';
export { formatImportReport, type ImportReportFormat, importReportHead } from './import-report.ts';
export { addressKey, articleIdSecret, deliveryKey, type Keys, openKeys } from './keys.ts';
export { type Letter, type LetterKind, letterRules, type NewLetter, type ReaderLists } from './letter.ts';
export { createLetterDesk, type LetterDesk } from './letter-desk.ts';
export type { LetterPosting, LetterStore } from './letter-store.ts';
export { createLinkToken, type LinkPayload, type LinkPurpose } from './link-token.ts';
export type { OwnData, OwnDataStore } from './own-data.ts';
export { type PauseDays, parsePauseDay, pauseDays, pauseDayText } from './pause-date.ts';
export {
  type Pause,
  type PreferenceFault,
  type PreferenceWishes,
  preferenceFields,
  type SubscriptionWish,
} from './preference-form.ts';
export type { Easing, EasingSource, PreferenceStore } from './preference-store.ts';
export {
  findPreferences,
  type PreferencesDesk,
  type ReaderPreferences,
  type SavedPreferences,
  savePreferences,
} from './preferences.ts';
export type { ReaderCount, ReaderCounts, ReaderDay } from './reader-counts.ts';
export { addReader, describeAdded, type ReaderDesk, readReader } from './reader-desk.ts';
export {
  type FoundReader,
  type FoundSuppression,
  type ReaderDeliveries,
  type ReaderDelivery,
  type ReaderDirectory,
  type ReaderPage,
  type ReaderPlace,
  type ReaderRecord,
  type ReaderSearch,
  type Standing,
  type SuppressionPage,
  type SuppressionPlace,
  standings,
} from './reader-directory.ts';
export { type ReaderChoices, type ReaderTexts, readerChoices } from './reader-fields.ts';
export { type ReaderEvent, readerHistory } from './reader-history.ts';
export {
  type AskedAddress,
  askByLetter,
  askForAddress,
  askForLink,
  askLinkHours,
  changeAddress,
  eraseByToken,
  findOfferedAddress,
  findTokenOwner,
  type OfferedAddress,
  type ReaderAsk,
  type RequestDesk,
  readerAsks,
  readOwnData,
  sendLink,
  type TokenOwner,
} from './reader-requests.ts';
export { sampleReaders } from './sample-readers.ts';
export { addressSearchKey, nameSearchKey } from './search-key.ts';
export {
  type AskedFor,
  isLiftedByReader,
  judgeSignUp,
  type KnownReader,
  type SignUp,
  type SignUpStore,
  type SignUpWishes,
  type Wording,
} from './sign-up.ts';
export { createSignUpDesk, type SignUpDesk } from './sign-up-desk.ts';
export { formOfJson, type SignUpFault, signUpFields } from './sign-up-form.ts';
export { type Subscriber, type SubscriberState, subscriberTransitions } from './subscriber.ts';
export type {
  AddOutcome,
  Erasure,
  ExportedReader,
  NewSubscriber,
  SubscriberFilter,
  SubscriberStore,
  SubscriberWithSubscriptions,
} from './subscriber-store.ts';
export {
  isPauseOver,
  type Rhythm,
  rhythms,
  type Subscription,
  type SubscriptionSource,
  type SubscriptionState,
} from './subscription.ts';
export { type Lifting, parseSuppressionReason, type Suppression } from './suppression.ts';
export type { UndoOffer } from './undo.ts';
export {
  findLeavingOffer,
  type LeavingDesk,
  type LeavingOffer,
  leaveByToken,
  pauseByToken,
  pauseMonths,
  readUnsubscribeToken,
  type Slowing,
  slowDownByToken,
  slowings,
  undoLeaving,
} from './unsubscribe.ts';
export { wordingOf } from './wording.ts';
