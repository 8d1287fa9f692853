import type { Instant } from '../clock.ts';

/** What operators are told of. */
export type NoticeKind =
  /** An edition waits for a person. */
  | 'held'
  /** More than one in a hundred of an edition's deliveries failed. */
  | 'failing'
  /** An edition was paused because the relay finds fault with the sender. */
  | 'paused'
  /** Domains refuse mail for what they think of the sender, and get none for a while. */
  | 'closed'
  /** An edition waits for a relay that can't be used. */
  | 'relay'
  /** Nobody knows whether some readers got their mail. */
  | 'in_doubt'
  /** Something is to be sent, and no worker runs. */
  | 'no_worker'
  /** An article was withdrawn, so that readers of an edition that was being sent go without it. */
  | 'withdrawn'
  /** The mailbox that bounces come to can't be read. */
  | 'mailbox'
  /** An edition can be looked at and changed before it goes out. */
  | 'draft';

/** Something that operators should know. */
export interface NoticeEvent {
  readonly kind: NoticeKind;
  /** The edition that it is about; null: none. */
  readonly editionId: string | null;
  /** Tells apart events of one kind about one edition; default: there is only one. */
  readonly about?: string;
  /** What happened: one sentence. */
  readonly sentence: string;
  /** A sentence with the command to run. */
  readonly whatToDo: string;
}

/** An event as kept, from when it was noticed. */
export interface Notice extends Required<NoticeEvent> {
  readonly id: number;
  readonly at: Instant;
}

/** One notice on its way to one of those who are told. */
export interface NoticeCopy {
  readonly notice: Notice;
  /** An address, or `webhook`. */
  readonly target: string;
  /** How often it was tried before. */
  readonly tries: number;
}

const hourMs = 3_600_000;

/**
 * How long nothing more is said of an equal event (same kind, edition and `about`), in milliseconds; null: never again.
 * What lasts, as a mailbox that can't be read, is said again.
 */
export const quietMs: Readonly<Record<NoticeKind, number | null>> = {
  held: null,
  failing: null,
  paused: 6 * hourMs,
  // Domains are told of one by one: see src/schedule/closures.ts.
  closed: hourMs,
  relay: 6 * hourMs,
  in_doubt: null,
  no_worker: 6 * hourMs,
  withdrawn: null,
  mailbox: 6 * hourMs,
  draft: null,
};
