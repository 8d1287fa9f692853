/** A message that an edition wrote. */
export interface WrittenMessage {
  readonly deliveryId: number;
  readonly address: string;
}

export interface WrittenMessages {
  readonly messages: readonly WrittenMessage[];
  /** After which delivery to go on; null: there are no more. */
  readonly next: number | null;
}

/** What an edition wrote to the outbox, by the ledger: a million files in one folder are too many to be listed. */
export interface OutboxIndex {
  /**
   * Up to `limit` messages in the order of their deliveries, of those after one. A bounded number of deliveries is looked
   * at, so there may be more although few were found. Null for no edition, and where its deliveries aren't kept any more.
   *
   * @param after 0: from the first.
   * @param words in the address or the subject, in any case; empty: all.
   */
  listWritten(editionId: string, after: number, words: string, limit: number): Promise<WrittenMessages | null>;
  /** The message to exactly this address, however many the edition has; null: there is none. */
  findWritten(editionId: string, email: string): Promise<WrittenMessage | null>;
}
