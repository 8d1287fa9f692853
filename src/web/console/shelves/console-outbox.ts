import type { Instant } from '../../../clock.ts';

/** An edition's messages, or those of one kind (`confirm`, `test` …). */
export interface OutboxFolder {
  readonly name: string;
  /** When something was written to it last. */
  readonly changedAt: Instant;
}

export interface OutboxMail {
  readonly file: string;
  readonly to: string;
  readonly subject: string;
  readonly date: Instant;
}

export interface OutboxPage {
  readonly mails: readonly OutboxMail[];
  /** What `after` goes on with; null: that was all. */
  readonly next: string | null;
  /** How many mails of the folder were looked at, where it holds more than can be; null: all. */
  readonly cutAt: number | null;
}

export interface OutboxSearch {
  /** From an address: anything may be in it; empty: from the beginning. */
  readonly after: string;
  /** In the address or the subject, in any case; empty: all. */
  readonly words: string;
}

/** A message with what a relay would have been told. */
export interface OutboxMessage {
  readonly message: Buffer;
  /** JSON; null where the file beside the message is gone. */
  readonly envelope: string | null;
}

/** The mails that were written instead of sent. Names come from the network: anything may be in them. */
export interface ConsoleOutbox {
  /** Newest first. */
  listFolders(): Promise<OutboxFolder[]>;
  /**
   * A page of a folder: an edition's in the order of its deliveries, others newest first. A search looks at a bounded
   * number of mails, so that a page may be short, or empty, and yet have a `next`. Null: there is no such folder.
   */
  listMails(folder: string, search: OutboxSearch): Promise<OutboxPage | null>;
  read(folder: string, file: string): Promise<OutboxMessage | null>;
}
