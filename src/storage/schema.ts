import type { Generated } from 'kysely';

/*
 * Portable columns, the same in SQLite and PostgreSQL: JSON as text, booleans as 0/1, instants as ISO 8601 UTC text.
 */

export interface ArticleTable {
  id: string;
  /** JSON of `ArticleRecord`, of its article what every list and search asks for. */
  record: string;
  /** JSON of `ArticleDetails`: the rest of the article. */
  details: string;
}

export interface ArticleBodyTable {
  article_id: string;
  version: string;
  html: string;
  /** JSON array of `ContentProblem`. */
  problems: string;
}

export interface FeedDocumentTable {
  path: string;
  hash: string;
  changed_at: string;
  size: number;
  /** Seconds. */
  max_age: number;
  /** Hash of everything that the document is made from. */
  inputs: string;
  /** JSON of `PieceList`: which bytes of it are which entry. */
  pieces: string;
}

export interface HubPingTable {
  hub: string;
  self_url: string;
  etag: string;
  looks: number;
  tries: number;
  not_before: string;
}

export interface SubscriberTable {
  id: Generated<number>;
  email: string | null;
  name: string | null;
  /** Keyed hash of the normalised address; random once erased. */
  address_key: string;
  /** The first of `languages`. */
  lang: string;
  /** JSON array, in the reader's order of preference. */
  languages: string;
  /** JSON `{"languages","countries","topics"}`, of which keys are sorted: readers with equal text share a variant. */
  choice: string;
  timezone: string | null;
  state: string;
  sample: number;
  /** 1 once erased, until the file has been written anew. */
  remnants: Generated<number>;
  created_at: string;
}

export interface SubscriptionTable {
  subscriber_id: number;
  newsletter: string;
  state: string;
  since: string;
  source: string;
  rhythm: Generated<string>;
  /** Null: until the reader resumes. Once it has passed, `paused` counts as `active`. */
  paused_until: string | null;
  /** What `state` was before it became `left`; null where that isn't known, or it isn't. */
  left_from: Generated<string | null>;
}

/** An address that a reader wants to change to, until it is confirmed from there. */
export interface AddressChangeTable {
  id: Generated<number>;
  subscriber_id: number;
  email: string;
  at: string;
}

/** Only ever added to. */
export interface ConsentTable {
  id: Generated<number>;
  subscriber_id: number;
  what: string;
  /** JSON array. */
  newsletters: string;
  /** JSON `{"languages","countries","topics"}`. */
  lists: string;
  /** What was agreed to, word by word, in `lang`. */
  wording: string;
  lang: string;
  version: string;
  how: string;
  at: string;
  ip: string | null;
  /** Of a confirmation: the record of what was asked for. */
  reference: number | null;
}

/** What was asked for at a form, until it has been looked at; an address has one. */
export interface SignUpTable {
  address_key: string;
  email: string;
  /** JSON of `SignUpWishes`. */
  wishes: string;
  wording: string;
  lang: string;
  version: string;
  how: string;
  at: string;
  ip: string | null;
}

/** A mail to one reader that is no edition. */
export interface LetterTable {
  id: Generated<number>;
  kind: string;
  /** Null, as the address, once the reader is erased; the key stays, since limits count by it. */
  subscriber_id: number | null;
  address: string | null;
  address_key: string;
  lang: string;
  /** JSON of the kind's `LetterPayloads`. */
  payload: string;
  /** `queued`, `sent`, `failed` or `cancelled`. */
  state: string;
  tries: Generated<number>;
  /** Not tried before; while a process has it, when another one may take it. */
  not_before: string;
  reply: string | null;
  created_at: string;
  /** When it was no longer queued. */
  settled_at: string | null;
}

export interface SuppressionTable {
  address_key: string;
  reason: string;
  since: string;
}

export interface NewsletterSeenTable {
  /** Or its editions for readers of a rhythm: `daily (weekly)`. */
  newsletter: string;
  transport: string;
  since: string;
}

export interface EditionTable {
  id: string;
  newsletter: string;
  key: string;
  /** Whom it is for: readers who get each, or the best of a day, week or month. */
  rhythm: Generated<string>;
  state: string;
  reason: string | null;
  trigger: string;
  /** JSON of `EditionSelection`. */
  selection: string;
  due_at: string;
  cutoff: string | null;
  transport: string | null;
  created_at: string;
  frozen_at: string | null;
  finished_at: string | null;
  expires_at: string | null;
  /** Rows in `delivery`; the counts by state are kept in `edition_count`. */
  candidates: number;
  /** Which process freezes it and until when the others keep away; null when nobody does. */
  freezer: string | null;
  freezer_until: string | null;
  /** JSON array: the lanes that its deliveries are in; `''` is that of all small domains. */
  lanes: Generated<string>;
  /** Answers and reports that find fault with the sender, since it was last let go. */
  sender_faults: Generated<number>;
  /** Answers that it had when it was last let go. */
  answered_before: Generated<number>;
  paused_at: string | null;
  /** Since when its deliveries are gone, or going: its counts stay; null while they are there. */
  pruned_at: Generated<string | null>;
}

export interface EditionStoryTable {
  edition_id: string;
  story_key: string;
  position: number;
  /** JSON object: the last change of each of its articles, by id. */
  versions: Generated<string>;
}

export interface EditionPiecesTable {
  edition_id: string;
  lang: string;
  /** JSON of `EditionPieces`. */
  pieces: string;
}

export interface EditionVariantTable {
  edition_id: string;
  number: number;
  lang: string;
  /** JSON array of `ToldStory`. */
  stories: string;
  subject: string;
  preheader: string;
}

/** Which choice leads to which variant: what the audience is joined with at the freeze. */
export interface EditionChoiceTable {
  edition_id: string;
  choice: string;
  /** What they have had before of its stories, in numbers that only the freeze knows. */
  had: string;
  /** Null: nothing for these readers. */
  variant: number | null;
}

/** Deliveries by state, kept by triggers: no page ever counts a million rows. */
export interface EditionCountTable {
  edition_id: string;
  state: string;
  count: number;
}

export interface DeliveryTable {
  id: Generated<number>;
  edition_id: string;
  subscriber_id: number | null;
  address: string | null;
  address_key: string;
  lang: string;
  variant: number | null;
  state: string;
  reason: string | null;
  attempts: number;
  not_before: string | null;
  lease_token: string | null;
  lease_until: string | null;
  worker: string | null;
  reply: string | null;
  /** How far the dialogue with the relay came, and what its answer says about whom. */
  phase: string | null;
  reply_class: string | null;
  message_id: string | null;
  /** When the relay last asked for its content. */
  attempted_at: string | null;
  /** The domain that has a lane of its own in this edition, or `''`. */
  lane: Generated<string>;
  /** What came back of a sent one; null: nothing is known. */
  outcome: string | null;
  updated_at: string;
}

export interface ArrivalTable {
  id: Generated<number>;
  key: string;
  source: string;
  received_at: string;
  raw: Uint8Array;
  state: string;
  kind: string | null;
  note: string | null;
  /** The version that looked at it last. */
  reader: Generated<number>;
  handled_at: string | null;
}

/** Up to which message a mailbox has been read. */
export interface MailboxPositionTable {
  mailbox: string;
  uid_validity: string;
  uid: number;
}

/** What is known against deliveries; one row each. */
export interface BounceTable {
  delivery_id: number;
  address_key: string;
  class: string;
  status: string | null;
  said: string;
  sent_at: string;
  at: string;
  /** 1 while it still counts against the address: no success since, and nothing has followed from it yet. */
  counts: number;
}

/** What a relay's buckets and the domains that complained have come to. Times are epoch milliseconds. */
export interface ThrottleTable {
  relay: string;
  /** A recipient domain; `''`: the relay itself. */
  domain: string;
  next_at: number | null;
  connections: number | null;
  changed_at: Generated<number>;
  closed_until: number | null;
  refusals: Generated<number>;
  /** The domain's words when it was closed last. */
  said: string | null;
}

/** A relay that can't be used. */
export interface RelayTroubleTable {
  relay: string;
  since: string;
  at: string;
  said: string;
}

export interface WorkerTable {
  id: string;
  host: string;
  pid: number;
  transport: string;
  started_at: string;
  heartbeat_at: string;
}

/** One row. */
export interface LedgerBeatTable {
  ledger: string;
  beats: number;
  at: string;
  /** `worker`: by a process that stays; `pass`: by one that comes and goes. */
  beaten_by: string;
  /** When `silkpost restore` put it in place; null once that has been acted on. */
  restored_at: string | null;
}

/** Newsletters whose next edition waits for a person. */
export interface GuardMarkTable {
  /** Or its editions for readers of a rhythm: `daily (weekly)`. */
  newsletter: string;
  reason: string;
  since: string;
}

export interface NoticeTable {
  id: Generated<number>;
  kind: string;
  edition_id: string | null;
  about: string;
  sentence: string;
  what_to_do: string;
  at: string;
}

/** What is still to be told, and to whom; a row goes once it is. */
export interface NoticeCopyTable {
  notice_id: number;
  target: string;
  tries: number;
  not_before: string;
}

export interface Schema {
  article: ArticleTable;
  article_body: ArticleBodyTable;
  feed_document: FeedDocumentTable;
  hub_ping: HubPingTable;
  subscriber: SubscriberTable;
  subscription: SubscriptionTable;
  address_change: AddressChangeTable;
  consent: ConsentTable;
  letter: LetterTable;
  sign_up: SignUpTable;
  suppression: SuppressionTable;
  newsletter_seen: NewsletterSeenTable;
  edition: EditionTable;
  edition_story: EditionStoryTable;
  edition_pieces: EditionPiecesTable;
  edition_variant: EditionVariantTable;
  edition_choice: EditionChoiceTable;
  edition_count: EditionCountTable;
  delivery: DeliveryTable;
  throttle: ThrottleTable;
  relay_trouble: RelayTroubleTable;
  worker: WorkerTable;
  arrival: ArrivalTable;
  mailbox_position: MailboxPositionTable;
  bounce: BounceTable;
  ledger_beat: LedgerBeatTable;
  guard_mark: GuardMarkTable;
  notice: NoticeTable;
  notice_copy: NoticeCopyTable;
}
