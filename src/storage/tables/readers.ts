import type { Generated } from 'kysely';

export interface SubscriberTable {
  id: Generated<number>;
  email: string | null;
  name: string | null;
  /** What `name` is looked for by. */
  name_key: Generated<string | null>;
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
  /** What came back of a sent one, `bounced` or `complained`; null: nothing. */
  outcome: string | null;
  created_at: string;
  /** When it was no longer queued. */
  settled_at: string | null;
}

/** People by language and state. */
export interface SubscriberCountTable {
  lang: string;
  state: string;
  count: number;
}

/** Subscriptions by what decides whether mail goes out for them. */
export interface ReaderCountTable {
  newsletter: string;
  /** The reader's. */
  lang: string;
  rhythm: string;
  reader_state: string;
  state: string;
  /** Of a pause; `''`: until the reader resumes, or no pause. */
  paused_until: string;
  count: number;
}

/** What a day in UTC brought a newsletter. */
export interface ReaderDayTable {
  newsletter: string;
  day: string;
  joined: number;
  left: number;
  /** Of those who get its editions; that of a pause's end is written before it comes. */
  change: number;
}

export interface SuppressionTable {
  address_key: string;
  reason: string;
  since: string;
}

/** A file of readers that is, or was, brought in. */
export interface ImportJobTable {
  id: Generated<number>;
  file_name: string;
  /** Bytes. */
  size: number;
  /** JSON of `ImportPreview`; empty once it was started, since it holds rows. */
  preview: string;
  consent: Generated<string>;
  /** JSON array: for rows that name none. */
  newsletters: Generated<string>;
  state: string;
  created_at: string;
  started_at: string | null;
  /** The last sign of life of the process that does it. */
  beat_at: string | null;
  finished_at: string | null;
  read_bytes: Generated<number>;
  /** JSON of `ImportResult`. */
  counts: Generated<string>;
  /** Why it failed; a sentence. */
  fault: string | null;
}

/** A row that was left out. */
export interface ImportRefusalTable {
  job_id: number;
  line: number;
  email: string;
  field: string | null;
  reason: string;
}
