import type { EditionApprovalTable, EditionPreflightTable } from '../tables/approval.ts';
import type {
  ArrivalDeliveryTable,
  ArrivalTable,
  BounceTable,
  DeliveryTable,
  MailboxPositionTable,
  RelayTroubleTable,
  ThrottleTable,
  WorkerTable,
} from '../tables/delivery.ts';
import type {
  EditionChangeTable,
  EditionChoiceTable,
  EditionCountTable,
  EditionPiecesTable,
  EditionReturnTable,
  EditionStoryTable,
  EditionTable,
  EditionVariantTable,
  EditionWithdrawalTable,
  NewsletterSeenTable,
} from '../tables/editions.ts';
import type {
  AuditLogTable,
  OperatorLinkTable,
  OperatorRecoveryTable,
  OperatorSessionTable,
  OperatorTable,
  SignInAttemptTable,
} from '../tables/operators.ts';
import type {
  ArticleBodyTable,
  ArticleTable,
  FeedDocumentTable,
  FeedPollTable,
  FeedSubscribersTable,
  HubPingTable,
} from '../tables/publishing.ts';
import type {
  AddressChangeTable,
  ConsentTable,
  ImportJobTable,
  ImportRefusalTable,
  LetterTable,
  ReaderCountTable,
  ReaderDayTable,
  SignUpTable,
  SubscriberCountTable,
  SubscriberTable,
  SubscriptionTable,
  SuppressionTable,
} from '../tables/readers.ts';
import type {
  ExaminationTable,
  GuardMarkTable,
  LedgerBeatTable,
  NoticeCopyTable,
  NoticeTable,
} from '../tables/upkeep.ts';

/**
 * Portable columns, the same in SQLite and PostgreSQL: JSON as text, booleans as 0/1, instants as ISO 8601 UTC text.
 */
export interface Schema {
  article: ArticleTable;
  article_body: ArticleBodyTable;
  feed_document: FeedDocumentTable;
  feed_poll: FeedPollTable;
  feed_subscribers: FeedSubscribersTable;
  hub_ping: HubPingTable;
  subscriber: SubscriberTable;
  subscription: SubscriptionTable;
  address_change: AddressChangeTable;
  consent: ConsentTable;
  letter: LetterTable;
  sign_up: SignUpTable;
  suppression: SuppressionTable;
  subscriber_count: SubscriberCountTable;
  reader_count: ReaderCountTable;
  reader_day: ReaderDayTable;
  import_job: ImportJobTable;
  import_refusal: ImportRefusalTable;
  newsletter_seen: NewsletterSeenTable;
  edition: EditionTable;
  edition_story: EditionStoryTable;
  edition_pieces: EditionPiecesTable;
  edition_variant: EditionVariantTable;
  edition_choice: EditionChoiceTable;
  edition_change: EditionChangeTable;
  edition_count: EditionCountTable;
  edition_approval: EditionApprovalTable;
  edition_preflight: EditionPreflightTable;
  edition_return: EditionReturnTable;
  edition_withdrawal: EditionWithdrawalTable;
  delivery: DeliveryTable;
  throttle: ThrottleTable;
  relay_trouble: RelayTroubleTable;
  worker: WorkerTable;
  arrival: ArrivalTable;
  arrival_delivery: ArrivalDeliveryTable;
  mailbox_position: MailboxPositionTable;
  bounce: BounceTable;
  ledger_beat: LedgerBeatTable;
  guard_mark: GuardMarkTable;
  notice: NoticeTable;
  notice_copy: NoticeCopyTable;
  examination: ExaminationTable;
  operator: OperatorTable;
  operator_session: OperatorSessionTable;
  operator_recovery: OperatorRecoveryTable;
  operator_link: OperatorLinkTable;
  sign_in_attempt: SignInAttemptTable;
  audit_log: AuditLogTable;
}
