/** What there is to ask a filled publication for. */
export interface LedgerFacts {
  /** A `Cookie` header of an owner who is signed in. */
  readonly cookie: string;
  /** A reader's id, in the middle of all. */
  readonly reader: number;
  /** An article’s slug. */
  readonly article: string;
  /** An edition that was sent to every reader, and one that is going out to them. */
  readonly sent: string;
  readonly sending: string;
  /** One from long ago, of which only the sums are kept. */
  readonly old: string;
  /** A draft. */
  readonly draft: string;
  /** A folder of the outbox, and the name of one of its files. */
  readonly outboxFolder: string;
  readonly outboxFile: string;
  /** A delivery of `sent` in the middle of all, and one that is in doubt. */
  readonly delivery: number;
  readonly doubt: number;
}
