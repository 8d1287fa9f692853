import type { Socket } from 'node:net';
import { AppError, sentenceOf } from '../../errors.ts';
import { connectionFault } from '../relay/connection-fault.ts';
import { patienceMs, type SmtpTimeouts } from '../relay/smtp-session.ts';
import type { Phase } from '../transport.ts';
import { ReplyParser, type ServerReply } from './reply-parser.ts';

interface Expected {
  readonly phase: Phase;
  readonly onReply: (reply: ServerReply) => void;
}

/** How long an answer to QUIT is waited for. */
const quitMs = 1000;

/**
 * A socket on which answers are expected, in the order in which they were asked for. It ends by itself where an answer
 * doesn't come in time, can't be read, or was not asked for, and after a 421.
 */
export class SmtpChannel {
  #socket: Socket;
  readonly #timeouts: Partial<SmtpTimeouts>;
  readonly #parser = new ReplyParser();
  readonly #expected: Expected[] = [];
  #rejectAsked: ((error: Error) => void) | null = null;
  #ended: string | null = null;
  #deadline = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  /** What is being waited for, or was last. */
  phase: Phase = 'connect';
  /** Told once, with a sentence, when the connection has ended. */
  onEnd: (why: string) => void = () => {};

  constructor(socket: Socket, timeouts: Partial<SmtpTimeouts>) {
    this.#timeouts = timeouts;
    this.#socket = socket;
    this.wait('connect');
    this.#listen(socket);
  }

  /** Why it has ended; null while it has not. */
  get ended(): string | null {
    return this.#ended;
  }

  /** Whether nothing is being waited for. */
  get isIdle(): boolean {
    return this.#expected.length === 0;
  }

  get socket(): Socket {
    return this.#socket;
  }

  #listen(socket: Socket): void {
    socket.on('data', this.#onData);
    socket.on('end', this.#onClosed);
    socket.on('close', this.#onClosed);
    socket.on('error', this.#onError);
  }

  /**
   * Takes the socket's place by one that encrypts it.
   *
   * @throws AppError `unavailable` where something came in already that was sent in clear (RFC 3207 §4.2, CVE-2011-0411).
   */
  upgrade(wrap: (socket: Socket) => Socket): void {
    if (this.#ended !== null) throw new AppError('unavailable', this.#ended);
    if (!this.#parser.isIdle) throw new AppError('unavailable', 'The relay said more before it was encrypted.');
    const plain = this.#socket;
    plain.off('data', this.#onData);
    this.#socket = wrap(plain);
    this.#listen(this.#socket);
  }

  /** Waits for an answer; what is asked for must be written as well. */
  expect(phase: Phase, onReply: (reply: ServerReply) => void): void {
    this.#expected.push({ phase, onReply });
    if (this.#expected.length === 1) this.wait(phase);
  }

  /** Writes a line, or nothing where the server speaks first, and waits for the answer. */
  ask(phase: Phase, line: string | null): Promise<ServerReply> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(new AppError('unavailable', this.#ended));
        return;
      }
      this.#rejectAsked = reject;
      this.expect(phase, resolve);
      if (line !== null) this.#socket.write(`${line}\r\n`);
    });
  }

  /** Says which step is under way, and gives it its time; for those that have no answer of their own too. */
  wait(phase: Phase): void {
    this.phase = phase;
    const { connectMs, greetingMs, answerMs } = this.#timeouts;
    const own = phase === 'connect' ? connectMs : phase === 'greeting' ? greetingMs : answerMs;
    this.#deadline = performance.now() + (own ?? patienceMs[phase]);
    if (this.#deadline < this.#timerAt) this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timerAt = this.#deadline;
    if (this.#deadline === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(this.#onTimer, this.#deadline - performance.now());
  }

  /** Deadlines move with each answer, the timer only when it fires. */
  readonly #onTimer = (): void => {
    if (performance.now() < this.#deadline - 1) this.#arm();
    else this.end(`The relay said nothing in time (${this.phase}).`);
  };

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#parser.push(chunk, this.#onReply);
    } catch (error) {
      this.end(sentenceOf(error));
    }
  };

  readonly #onReply = (reply: ServerReply): void => {
    if (this.#ended !== null) return;
    const expected = this.#expected.shift();
    if (expected === undefined) {
      this.end(reply.code === 421 ? reply.text : `The relay said what nobody asked for: ${reply.text}`);
      return;
    }
    const next = this.#expected[0];
    if (next) this.wait(next.phase);
    else this.#deadline = Number.POSITIVE_INFINITY;
    expected.onReply(reply);
    if (reply.code === 421) this.end(reply.text);
  };

  readonly #onClosed = (): void => this.end('The relay closed the connection.');
  readonly #onError = (error: Error): void => this.end(connectionFault(error));

  /** Drops the connection. */
  end(why: string): void {
    if (this.#ended !== null) return;
    this.#ended = why;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    this.#rejectAsked?.(new AppError('unavailable', why));
    this.onEnd(why);
  }

  /** Says QUIT where nothing is being waited for, and drops the connection soon after in any case. */
  quit(): void {
    if (this.#ended !== null) return;
    if (!this.isIdle) {
      this.end('The connection was dropped.');
      return;
    }
    // No step of a delivery: whatever comes, it is over.
    this.expect('ehlo', () => this.end('The connection was closed.'));
    this.#deadline = performance.now() + quitMs;
    this.#arm();
    this.#socket.write('QUIT\r\n');
  }
}
