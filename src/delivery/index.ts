export type * from './audience/audience-store.ts';
export { freezeInput } from './audience/freeze-edition.ts';
export { type FrozenStory, frozenStory, type PastStory, pastDays } from './audience/past-story.ts';
export { planMails } from './audience/plan-mails.ts';
export { countReaders } from './audience/reader-numbers.ts';
export { tellStories } from './audience/tell-stories.ts';
export { createVariantFor } from './audience/variant-for.ts';
export { whyExcluded } from './audience/why-excluded.ts';
export type { Arrival, ArrivalSource, ArrivalTrace } from './bounces/arrival.ts';
export type * from './bounces/arrival-store.ts';
export { type BounceDesk, createBounceDesk, maxRawBytes } from './bounces/bounce-desk.ts';
export { type BounceConsequence, type CountedBounce, isCounting, judgeBounces } from './bounces/bounce-policy.ts';
export { createGenericHook } from './bounces/generic-hook.ts';
export { type Hook, maxHookBytes } from './bounces/hooks.ts';
export { judgeReport } from './bounces/judge-report.ts';
export { createMailTokens, type MailTokens, type TokenSubject } from './bounces/mail-token.ts';
export { type MailboxOptions, parseMailboxUrl } from './bounces/mailbox-url.ts';
export { createSesHook } from './bounces/ses-hook.ts';
export { type MailboxTrouble, readMailbox, watchMailbox } from './bounces/watch-mailbox.ts';
export type {
  CancellationReason,
  Delivery,
  DeliveryOutcome,
  DeliveryReason,
  DeliveryState,
  StandingExclusion,
} from './delivery.ts';
export { deliveryTransitions } from './delivery.ts';
export type * from './delivery-ledger.ts';
export type * from './delivery-records.ts';
export type { DkimKey, DkimSetting } from './dkim/dkim-key.ts';
export { isLoose, readDkimKeys } from './dkim/dkim-key.ts';
export { dkimRecord, dkimRecordName, parseTags, quoteTxt } from './dkim/dkim-record.ts';
export type { DkimSigner } from './dkim/dkim-signer.ts';
export { createDkimSigner } from './dkim/dkim-signer.ts';
export { makeDkimKeys } from './dkim/make-dkim-keys.ts';
export { omittableHeaders } from './dkim/signed-headers.ts';
export { createEvidence } from './evidence.ts';
export { createLetterComposer } from './letters/compose-letter.ts';
export { createLetterCarrier } from './letters/letter-carrier.ts';
export type { LetterLinks } from './letters/letter-links.ts';
export type { LetterAnswer, LetterQueue } from './letters/letter-queue.ts';
export type { MessageOptions } from './message/compose-message.ts';
export { composeTestMessage, createMessageComposer } from './message/compose-message.ts';
export { composeNotice } from './message/compose-notice.ts';
export { createReaderCopy, type ReaderCopy } from './message/reader-copy.ts';
export { prepareStencils } from './message/stencil.ts';
export { createNodemailerTransport } from './nodemailer/nodemailer-transport.ts';
export { eraseFromOutbox } from './outbox/erase-from-outbox.ts';
export { outboxName } from './outbox/outbox-files.ts';
export type { OutboxIndex } from './outbox/outbox-index.ts';
export { createOutboxTransport } from './outbox/outbox-transport.ts';
export { pruneOutbox } from './outbox/prune-outbox.ts';
export type { PaceStore } from './pace/pace-store.ts';
export { createSendingGate } from './pace/sending-gate.ts';
export { connectionFault } from './relay/connection-fault.ts';
export type { Relay } from './relay/relay.ts';
export { createRelayLog, type RelayTrace } from './relay/relay-log.ts';
export type { RelayTransportOptions } from './relay/relay-options.ts';
export type * from './relay/relay-trouble.ts';
export { parseRelayUrl } from './relay/relay-url.ts';
export { addressFault } from './replies/address-fault.ts';
export { groupRefusals, type Refusal, type RefusalGroup, whatToDoAboutReply } from './replies/refusals.ts';
export type { ReplyClass } from './replies/reply-class.ts';
export { areTooMany, isSenderFault } from './replies/sender-faults.ts';
export { shortReply } from './replies/smtp-reply.ts';
export { sendOne } from './send-one.ts';
export { createSmtpTransport } from './smtp/smtp-transport.ts';
export type { Attempt, AttemptResult, DeliverySource, Phase, Transport } from './transport.ts';
export type { Worker, WorkerOptions } from './worker.ts';
export { createWorker, ownProcess } from './worker.ts';
export { isWorkerLive } from './worker-liveness.ts';
