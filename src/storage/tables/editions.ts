import type { Generated } from 'kysely';

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
  /** JSON of `Arrangement`; what is missing in it was not changed. */
  arrangement: Generated<string>;
  /** How often it was changed. */
  revision: Generated<number>;
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
  /** JSON of `EditionAudience`. */
  audience: Generated<string>;
  /** Of the form that asked for it: whoever sends that again gets the same edition. */
  request_token: Generated<string | null>;
  /** Name of who asked for it. */
  opened_by: Generated<string | null>;
  /** Their number, where they are an operator of the console. */
  opened_by_id: Generated<number | null>;
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
  /** Readers who get it; null where it was frozen before they were counted. */
  readers: number | null;
}

/** What operators changed of an edition’s arrangement, one row a revision. */
export interface EditionChangeTable {
  edition_id: string;
  revision: number;
  /** The operator’s name. */
  by: string;
  at: string;
  /** A sentence’s part: `left out “Tehran talks”`. */
  what: string;
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

/** Deliveries by state and lane, kept by triggers: no page ever counts a million rows. */
export interface EditionCountTable {
  edition_id: string;
  /** Of deliveries; `open` for what is `queued`, `claimed` or `attempting`: workers have few of these at a time. */
  state: string;
  /** See `DeliveryTable`. */
  lane: string;
  count: number;
}

/** Variants that hold an article which was withdrawn since the freeze. */
export interface EditionWithdrawalTable {
  edition_id: string;
  variant: number;
}

/** What came back of an edition's deliveries, `bounced` or `complained`: kept where a delivery's outcome is written. */
export interface EditionReturnTable {
  edition_id: string;
  outcome: string;
  count: number;
}
