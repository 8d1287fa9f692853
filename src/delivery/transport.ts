import type { LetterKind } from '../subscribers/index.ts';

/**
 * A message's bytes in order, cut anywhere but between CR and LF. What many readers share is the same buffer for all, so
 * that nobody copies it and what was found out about it holds for the next message too.
 */
export type MessageBytes = readonly Buffer[];

/** One message on its way to one reader. */
export interface Attempt {
  readonly deliveryId: number;
  /** Fences every result: a result with a token that is no longer the row's is ignored (or kept as late evidence). */
  readonly token: string;
  readonly editionId: string;
  readonly newsletter: string;
  readonly kind: 'digest' | 'test' | 'notice' | LetterKind;
  /** With angle brackets; the same at each try. */
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: string };
  /**
   * The complete RFC 5322 message with CRLF and nothing to dot-stuff; made when asked for, dated then. A promise where it
   * is signed: ask before `begin`, so that nothing waits between the ledger's commit and the content.
   */
  message(): MessageBytes | Promise<MessageBytes>;
}

/**
 * A step in the dialogue with a relay: what was being waited for. `data` is the answer to DATA, `content` the message
 * being written, `final_dot` the answer to it.
 */
export type Phase =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'content'
  | 'final_dot';

/** What became of an attempt. `phase` says how far the dialogue with the relay came. */
export type AttemptResult =
  | { readonly kind: 'sent'; readonly attempt: Attempt; readonly reply: string; readonly phase: Phase }
  | { readonly kind: 'deferred'; readonly attempt: Attempt; readonly reply: string; readonly phase: Phase }
  | { readonly kind: 'failed'; readonly attempt: Attempt; readonly reply: string; readonly phase: Phase }
  /**
   * The connection died before the final dot was written: it can simply be tried again. `reached`: this message's own
   * commands or content had gone out, so that it may be what ended the connection. `reply` null: it was held back, and
   * no relay was asked.
   */
  | {
      readonly kind: 'returned';
      readonly attempt: Attempt;
      readonly reply: string | null;
      readonly phase: Phase;
      readonly reached: boolean;
    }
  /** The connection died after the final dot was written and before its answer. */
  | { readonly kind: 'in_doubt'; readonly attempt: Attempt; readonly reply: string; readonly phase: Phase }
  /** `begin` refused it (the reader left, the edition was cancelled, the lease is gone); nothing was written. */
  | { readonly kind: 'stopped'; readonly attempt: Attempt };

/** What a transport pulls from. All of its promises may be awaited by many connections at once. */
export interface DeliverySource {
  /**
   * The next attempt; waits where there is none yet. Null: there will be none in this run, or `signal` aborted. A
   * transport that waits long may close its connection meanwhile.
   */
  next(signal: AbortSignal): Promise<Attempt | null>;
  /**
   * Whether an attempt that `next` gave is still to be sent: ask before its envelope is written, and settle it as
   * `returned` where it isn't. Left out: it always is.
   */
  isWanted?(attempt: Attempt): Promise<boolean>;
  /**
   * Commits `attempting`. Call it when the relay has answered 354 and before any content is written; content may
   * follow only on true. On false drop the connection or send a lone dot, and settle as `stopped`.
   */
  begin(attempt: Attempt): Promise<boolean>;
  /** Records results; resolves once they are durable. Every attempt that `next` gave is settled exactly once. */
  settle(results: readonly AttemptResult[]): Promise<void>;
}

export interface Transport {
  /** What an edition is frozen to: `outbox`, `smtp://relay.example:587`. Never holds a secret. */
  readonly name: string;
  /**
   * Pulls until the source has nothing more or `signal` aborts; then waits for answers to final dots, at most its drain
   * time. Every attempt that it took is settled when it resolves or rejects.
   *
   * @throws AppError `unavailable` where the relay can't be used at all for now; what had not begun went back.
   */
  run(source: DeliverySource, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
