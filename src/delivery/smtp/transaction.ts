import { sentenceOf } from '../../errors.ts';
import { refusesSender, type SessionMessage, type SessionOutcome } from '../relay/smtp-session.ts';
import type { Phase } from '../transport.ts';
import type { SmtpChannel } from './channel.ts';
import type { Envelope } from './envelope.ts';
import type { ServerReply } from './reply-parser.ts';
import { sliceBytes } from './wire-content.ts';
import type { WriteTurn } from './write-turn.ts';

export interface TransactionOptions {
  readonly channel: SmtpChannel;
  readonly message: SessionMessage;
  /** As it goes over the wire. */
  readonly content: readonly Buffer[];
  readonly envelope: Exclude<Envelope, { readonly refusal: string }>;
  /** MAIL, RCPT and DATA go out in one write. */
  readonly pipelining: boolean;
  readonly writeTurn: WriteTurn;
  /** Told when it is known that no answer was left out before those to the envelope; may be told twice. */
  readonly onInStep: () => void;
}

const finalDot = Buffer.from('.\r\n');
const nothing = Buffer.alloc(0);

/** One message's way through the dialogue: MAIL, RCPT, DATA, content, final dot. */
export class Transaction {
  readonly message: SessionMessage;
  readonly #channel: SmtpChannel;
  readonly #options: TransactionOptions;
  readonly #outcome = Promise.withResolvers<SessionOutcome>();
  #state: 'envelope' | 'invited' | 'asking' | 'content' | 'final_dot' | 'held' | 'over' = 'envelope';
  /** What is being waited for. */
  #phase: Phase = 'mail';
  /** The first answer by which the relay refused a command: it is the message's answer, whatever follows. */
  #refusal: { readonly text: string; readonly code: number; readonly phase: Phase } | null = null;
  /** Writes what goes along with the final dot, and says whether anything did; null until the content is wanted. */
  #along: (() => boolean) | null = null;
  #isFollowed = false;
  /** What was taken for the answer to the final dot, while it may be one to the envelope that went along. */
  #held: ServerReply | null = null;

  constructor(options: TransactionOptions) {
    this.message = options.message;
    this.#channel = options.channel;
    this.#options = options;
  }

  get outcome(): Promise<SessionOutcome> {
    return this.#outcome.promise;
  }

  /** Whether content may have been written, and there is no answer yet that counts. */
  get hasBegun(): boolean {
    return this.#state === 'content' || this.#state === 'final_dot' || this.#state === 'held';
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Writes the envelope. */
  start(): void {
    const { channel, envelope, pipelining, writeTurn } = this.#options;
    channel.expect('mail', this.#onMail);
    if (pipelining) {
      channel.expect('rcpt', this.#onRcpt);
      channel.expect('data', this.#onData);
    }
    const { mail, rcpt } = envelope;
    writeTurn.add(() => {
      if (channel.ended === null) channel.socket.write(pipelining ? `${mail}${rcpt}DATA\r\n` : mail);
    });
  }

  /** Lets the content follow once the relay asks for it. `along` is called to write what goes with the final dot. */
  release(along: () => boolean): void {
    this.#along = along;
    if (this.#state === 'invited') this.#ask();
  }

  readonly #onMail = (reply: ServerReply): void => {
    if (!this.#accepts(reply, 'mail')) return;
    this.#phase = 'rcpt';
    if (this.#options.pipelining) return;
    this.#channel.expect('rcpt', this.#onRcpt);
    this.#channel.socket.write(this.#options.envelope.rcpt);
  };

  readonly #onRcpt = (reply: ServerReply): void => {
    if (!this.#accepts(reply, 'rcpt')) return;
    // Were an answer left out before, this would be DATA's: no relay says yes to that but by 354.
    this.#options.onInStep();
    this.#phase = 'data';
    if (this.#options.pipelining) return;
    this.#channel.expect('data', this.#onData);
    this.#channel.socket.write('DATA\r\n');
  };

  /** Whether a command was accepted. Where not, and nothing else is out, the transaction is taken back. */
  #accepts(reply: ServerReply, phase: Phase): boolean {
    if (reply.code < 300) return true;
    if (reply.code < 400) {
      this.#channel.end(`The relay answers what makes no sense here: ${reply.text}`);
      return false;
    }
    this.#refusal ??= { ...reply, phase };
    if (!this.#options.pipelining) this.#takeBack('');
    return false;
  }

  readonly #onData = (reply: ServerReply): void => {
    const isInvited = reply.code === 354;
    if (!isInvited && reply.code < 400) {
      this.#channel.end(`The relay answers what makes no sense here: ${reply.text}`);
      return;
    }
    this.#options.onInStep();
    if (!isInvited) {
      this.#refusal ??= { ...reply, phase: 'data' };
      this.#takeBack('');
    } else if (this.#refusal !== null) {
      // It asks for a message to nobody: the lone dot ends that, and its answer counts for nothing (RFC 2920 §3.1).
      this.#channel.expect('final_dot', () => {});
      this.#takeBack('.\r\n');
    } else {
      this.#state = 'invited';
      this.#phase = 'content';
      if (this.#along) this.#ask();
    }
  };

  /** RSET, so that the next MAIL isn't taken for a second one of this transaction. */
  #takeBack(before: string): void {
    this.#channel.expect('mail', (reply) => {
      if (reply.code >= 300) this.#channel.end(`The relay refuses RSET: ${reply.text}`);
      this.#finishRefused();
    });
    this.#channel.socket.write(`${before}RSET\r\n`);
  }

  #finishRefused(): void {
    if (this.#refusal === null) return;
    const { text, code, phase } = this.#refusal;
    const isSender = phase === 'mail' && refusesSender(code);
    this.#finish(isSender ? { kind: 'refused', why: text, phase } : { kind: 'answered', reply: text, phase });
  }

  #ask(): void {
    this.#state = 'asking';
    this.message.begin().then(
      (allowed) => {
        if (!allowed) {
          this.#finish({ kind: 'stopped' });
          this.#channel.end('stopped');
        } else if (this.#channel.ended !== null) {
          // What ended it while the ledger was being asked.
          this.#finish({ kind: 'returned', why: this.#channel.ended, phase: this.#phase });
        } else {
          this.#state = 'content';
          this.#channel.expect('content', this.#onAnswer);
          this.#options.writeTurn.add(() => this.#writeFrom(0));
        }
      },
      (error: unknown) => {
        this.#state = 'over';
        this.#channel.end(sentenceOf(error));
        this.#outcome.reject(error);
      },
    );
  }

  /** Writes the content from that chunk on; the last of it together with the final dot. */
  #writeFrom(start: number): void {
    if (this.#state !== 'content') return;
    const { content } = this.#options;
    const { socket } = this.#channel;
    socket.cork();
    let bytes = 0;
    let index = start;
    for (; index < content.length && bytes < sliceBytes; index++) {
      const chunk = content[index] ?? nothing;
      bytes += chunk.length;
      socket.write(chunk);
    }
    if (index < content.length) {
      socket.write(nothing, () => {
        if (this.#state !== 'content') return;
        this.#channel.wait('content');
        this.#writeFrom(index);
      });
    } else {
      // From here on the relay may have the message.
      this.#state = 'final_dot';
      this.#phase = 'final_dot';
      this.#channel.wait('final_dot');
      socket.write(finalDot);
      this.#isFollowed = this.#along?.() ?? false;
    }
    socket.uncork();
  }

  readonly #onAnswer = (reply: ServerReply): void => {
    const isEarly = this.#state === 'content';
    if (reply.code >= 300 && reply.code < 400) {
      this.#channel.end(`The relay answers what makes no sense here: ${reply.text}`);
    } else if (isEarly && reply.code < 300) {
      this.#channel.end(`The relay takes a message that it hasn’t got: ${reply.text}`);
    } else if (this.#isFollowed) {
      this.#held = reply;
      this.#state = 'held';
    } else {
      this.#finish({ kind: 'answered', reply: reply.text, phase: this.#phase });
      // The rest must not follow, or the relay might take it after all.
      if (isEarly) this.#channel.end('answered early');
    }
  };

  /** The answers to what went along with the final dot are in step, so the one before them was the final dot's. */
  confirm(): void {
    if (this.#held !== null) this.#finish({ kind: 'answered', reply: this.#held.text, phase: this.#phase });
  }

  /** Ends it as far as it has come: the connection has ended. */
  end(why: string): void {
    if (this.#held !== null) {
      const doubt = `Whether “${this.#held.text}” was the answer to the final dot isn’t known: ${why}`;
      this.#finish({ kind: 'in_doubt', why: doubt, phase: this.#phase });
    } else if (this.#refusal !== null) this.#finishRefused();
    // While the ledger is asked its answer is waited for: the result comes after it.
    else if (this.#state !== 'asking') {
      this.#finish({ kind: this.#state === 'final_dot' ? 'in_doubt' : 'returned', why, phase: this.#phase });
    }
  }

  #finish(outcome: SessionOutcome): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#outcome.resolve(outcome);
  }
}
