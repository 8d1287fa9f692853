import type { SessionMessage, SessionOutcome, SmtpSession } from '../relay/smtp-session.ts';
import type { MessageBytes } from '../transport.ts';
import { renderEnvelope } from './envelope.ts';
import type { OpenChannel } from './open-channel.ts';
import { Transaction } from './transaction.ts';
import type { WireContent } from './wire-content.ts';
import type { WriteTurn } from './write-turn.ts';

/** What all sessions of a transport share. */
export interface BulkSessionOptions {
  readonly toWire: (message: MessageBytes) => WireContent;
  readonly writeTurn: WriteTurn;
  readonly pipelineNext: boolean;
}

/**
 * Many messages over one channel. Where the server announces PIPELINING, MAIL, RCPT and DATA go out in one write (RFC
 * 2920); with `pipelineNext` they go out together with the final dot of the message before. Answers come in the order of
 * the commands, and the channel keeps that order, so that each of them is known to belong to one step of one message.
 * Since something in between may leave one out, what is said first after such a final dot counts for it only once the
 * answers to the envelope have come too; where they don't, that message is in doubt.
 */
export class BulkSession implements SmtpSession {
  readonly #open: OpenChannel;
  readonly #shared: BulkSessionOptions;
  readonly #pipelineNext: boolean;
  #hasQuit = false;
  #current: Transaction | null = null;
  /** The one whose envelope went along with the current one's final dot. */
  #ahead: Transaction | null = null;

  constructor(open: OpenChannel, shared: BulkSessionOptions) {
    this.#open = open;
    this.#shared = shared;
    this.#pipelineNext = shared.pipelineNext && open.extensions.pipelining;
    open.channel.onEnd = (why) => {
      this.#current?.end(why);
      this.#ahead?.end(why);
    };
  }

  get hasBegun(): boolean {
    return this.#current?.hasBegun ?? false;
  }

  get isUsable(): boolean {
    return !this.#hasQuit && this.#open.channel.ended === null;
  }

  send(message: SessionMessage, following: () => SessionMessage | null): Promise<SessionOutcome> {
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead?.message === message) return this.#finish(ahead, following);
    if (ahead) this.abandon('Another message was announced.');
    const { ended, phase } = this.#open.channel;
    if (ended !== null) return Promise.resolve({ kind: 'returned', why: ended, phase });
    const begun = this.#begin(message, () => {});
    return begun instanceof Transaction ? this.#finish(begun, following) : Promise.resolve(begun);
  }

  /** Lets the content of a message follow its envelope, and the next envelope along with its final dot. */
  #finish(current: Transaction, following: () => SessionMessage | null): Promise<SessionOutcome> {
    this.#current = current;
    current.release(() => {
      const next = this.#pipelineNext ? following() : null;
      if (next === null) return false;
      const ahead = this.#begin(next, () => current.confirm());
      // What can't be sent is told when it is its turn.
      if (!(ahead instanceof Transaction)) return false;
      this.#ahead = ahead;
      return true;
    });
    return current.outcome;
  }

  /** Writes a message's envelope; an answer of our own where it can't be sent to this server. */
  #begin(message: SessionMessage, onInStep: () => void): Transaction | SessionOutcome {
    const { channel, extensions } = this.#open;
    const content = this.#shared.toWire(message.content);
    const envelope = renderEnvelope(message, content, extensions);
    if ('refusal' in envelope) return { kind: 'answered', reply: envelope.refusal, phase: envelope.phase };
    const transaction = new Transaction({
      channel,
      message,
      content: content.chunks,
      envelope,
      pipelining: extensions.pipelining,
      writeTurn: this.#shared.writeTurn,
      onInStep,
    });
    transaction.start();
    return transaction;
  }

  abandon(why: string): void {
    this.#open.channel.end(why);
  }

  quit(): void {
    this.#hasQuit = true;
    // After a 354 the word would be taken for content.
    if (this.#ahead !== null || this.#current?.isOver === false) this.abandon('The connection was dropped.');
    else this.#open.channel.quit();
  }
}
