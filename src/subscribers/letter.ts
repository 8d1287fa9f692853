import type { Instant } from '../clock.ts';

/** What each kind of letter to a single reader needs to be written. Plain JSON. */
export interface LetterPayloads {
  /** Asks whether the reader asked: `consentId` is the record of what was asked for. */
  readonly confirm: { readonly consentId: number; readonly newsletters: readonly string[] };
  /** A fresh link to the preferences. */
  readonly link: Readonly<Record<string, never>>;
  /** To the address that is to be changed: leads to the form for the new one. */
  readonly address: Readonly<Record<string, never>>;
  /** To the new one: leads to the button that makes the change. */
  readonly 'new-address': { readonly changeId: number };
  readonly data: Readonly<Record<string, never>>;
  readonly erase: Readonly<Record<string, never>>;
  /** Somebody signed up a reader who has it all: says so, the same as a confirmation would to others. */
  readonly already: { readonly newsletters: readonly string[] };
  /** Says what comes from now on, and brings the latest edition. */
  readonly welcome: { readonly newsletters: readonly string[]; readonly lists: ReaderLists };
}

/** Languages in order; countries and topics, of which none means all. */
export interface ReaderLists {
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
}

export type LetterKind = keyof LetterPayloads;

/** A mail to one reader that is no edition. */
export type NewLetter = {
  readonly [Kind in LetterKind]: {
    readonly kind: Kind;
    readonly subscriberId: number;
    readonly address: string;
    /** The letter's own language. */
    readonly lang: string;
    readonly payload: LetterPayloads[Kind];
  };
}[LetterKind];

/** A letter that is kept until it has left. */
export type Letter = NewLetter & {
  readonly id: number;
  /** Tries that came to nothing. */
  readonly tries: number;
  readonly createdAt: Instant;
};

export interface LetterRule {
  /** Letters of these kinds count against each other's limits. */
  readonly countedWith: readonly LetterKind[];
  /** At most so many to an address within 24 hours, and within 30 days. */
  readonly perDay: number;
  readonly perMonth: number;
  /** Whether it goes to an address that gets no mail otherwise. */
  readonly reachesSuppressed: boolean;
}

/** Anybody may ask for a letter to anybody's address, so each kind has its limits. */
export const letterRules: Readonly<Record<LetterKind, LetterRule>> = {
  confirm: { countedWith: ['confirm', 'already'], perDay: 1, perMonth: 3, reachesSuppressed: true },
  already: { countedWith: ['confirm', 'already'], perDay: 1, perMonth: 3, reachesSuppressed: false },
  // Each follows a confirmation, which has its own limit.
  welcome: { countedWith: ['welcome'], perDay: 3, perMonth: 10, reachesSuppressed: false },
  link: { countedWith: ['link'], perDay: 1, perMonth: 3, reachesSuppressed: false },
  address: { countedWith: ['address'], perDay: 2, perMonth: 6, reachesSuppressed: false },
  'new-address': { countedWith: ['new-address'], perDay: 1, perMonth: 3, reachesSuppressed: false },
  // What the law lets a reader ask for isn't refused to one who complained.
  data: { countedWith: ['data'], perDay: 2, perMonth: 6, reachesSuppressed: true },
  erase: { countedWith: ['erase'], perDay: 2, perMonth: 6, reachesSuppressed: true },
};
