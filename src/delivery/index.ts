export { addressFault } from './address-fault.ts';
export type * from './audience-store.ts';
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
export { createLetterComposer } from './compose-letter.ts';
export type { MessageOptions } from './compose-message.ts';
export { composeTestMessage, createMessageComposer } from './compose-message.ts';
export { composeNotice } from './compose-notice.ts';
export { connectionFault } from './connection-fault.ts';
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
export { eraseFromOutbox } from './erase-from-outbox.ts';
export { createEvidence } from './evidence.ts';
export { freezeInput } from './freeze-edition.ts';
export { createLetterCarrier } from './letter-carrier.ts';
export type { LetterLinks } from './letter-links.ts';
export type { LetterAnswer, LetterQueue } from './letter-queue.ts';
export { createNodemailerTransport } from './nodemailer-transport.ts';
export { outboxName } from './outbox-files.ts';
export type { OutboxIndex } from './outbox-index.ts';
export { createOutboxTransport } from './outbox-transport.ts';
export type { PaceStore } from './pace-store.ts';
export { type FrozenStory, frozenStory, type PastStory, pastDays } from './past-story.ts';
export { planMails } from './plan-mails.ts';
export { pruneOutbox } from './prune-outbox.ts';
export { createReaderCopy, type ReaderCopy } from './reader-copy.ts';
export { countReaders } from './reader-numbers.ts';
export { groupRefusals, type Refusal, type RefusalGroup, whatToDoAboutReply } from './refusals.ts';
export type { Relay } from './relay.ts';
export { createRelayLog, type RelayTrace } from './relay-log.ts';
export type { RelayTransportOptions } from './relay-options.ts';
export type * from './relay-trouble.ts';
export { parseRelayUrl } from './relay-url.ts';
export type { ReplyClass } from './reply-class.ts';
export { sendOne } from './send-one.ts';
export { areTooMany, isSenderFault } from './sender-faults.ts';
export { createSendingGate } from './sending-gate.ts';
export { createSmtpTransport } from './smtp/smtp-transport.ts';
export { shortReply } from './smtp-reply.ts';
export { prepareStencils } from './stencil.ts';
export { tellStories } from './tell-stories.ts';
export type { Attempt, AttemptResult, DeliverySource, Phase, Transport } from './transport.ts';
export { createVariantFor } from './variant-for.ts';
export { whyExcluded } from './why-excluded.ts';
export type { Worker, WorkerOptions } from './worker.ts';
export { createWorker, ownProcess } from './worker.ts';
export { isWorkerLive } from './worker-liveness.ts';
