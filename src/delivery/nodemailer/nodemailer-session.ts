import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { sentenceOf } from '../../errors.ts';
import { requireLoopback } from '../relay/loopback.ts';
import type { Relay } from '../relay/relay.ts';
import {
  RelayUnusable,
  refusesSender,
  type SessionMessage,
  type SessionOutcome,
  type SmtpSession,
  type SmtpTimeouts,
  withoutSecrets,
} from '../relay/smtp-session.ts';
import { parseReply } from '../replies/smtp-reply.ts';
import type { Phase } from '../transport.ts';
import { MessageBody } from './message-body.ts';

/**
 * Connects, upgrades to TLS and signs in as the relay's settings ask.
 *
 * @throws RelayUnusable with the relay's own words; never with a password.
 */
export async function openNodemailerSession(
  relay: Relay,
  ca: Buffer | null,
  timeouts: SmtpTimeouts,
  signal: AbortSignal,
): Promise<SmtpSession> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  let phase: Phase = 'connect';
  const note = ({ tnx }: { readonly tnx?: string }, line: string): void => {
    if (tnx === 'network' && phase === 'connect') phase = 'greeting';
    if (tnx === 'client') phase = phases.find(([command]) => line.startsWith(command))?.[1] ?? phase;
  };
  const connection = new Connection({
    // The only way to learn which command was written last.
    transactionLog: true,
    logger: { ...silent, info: note, debug: note },
    host: relay.host,
    port: relay.port,
    secure: relay.tls === 'implicit',
    requireTLS: relay.tls === 'starttls',
    opportunisticTLS: relay.tls === 'opportunistic',
    ignoreTLS: relay.tls === 'none',
    // On loopback nobody stands in between, and its certificate is nobody's.
    tls: { ...(ca ? { ca } : {}), rejectUnauthorized: relay.tls !== 'opportunistic' },
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.answerMs,
    socketCloseTimeout: 1000,
  });
  const session = new NodemailerSession(connection, () => phase);
  const abort = (): void => session.abandon('stopped');
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    await session.connect(relay);
    return session;
  } catch (error) {
    connection.close();
    const why = `The relay ${relay.name} can't be used: ${withoutSecrets(sentenceOf(error), relay)}`;
    throw new RelayUnusable(why, phase, error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What nodemailer writes in each phase. */
const phases: readonly (readonly [string, Phase])[] = [
  ['EHLO', 'ehlo'],
  ['HELO', 'ehlo'],
  ['STARTTLS', 'starttls'],
  ['AUTH', 'auth'],
  ['MAIL', 'mail'],
  ['RCPT', 'rcpt'],
  ['DATA', 'data'],
];

const nothing = (): void => {};
const silent = {
  level: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};

class NodemailerSession implements SmtpSession {
  readonly #connection: SMTPConnection;
  /** The phase of the command that was written last. */
  readonly #commandPhase: () => Phase;
  #isUsable = true;
  #hasBegun = false;
  /** Ends whatever is being waited for. */
  #onEnd: (why: string) => void = () => {};

  constructor(connection: SMTPConnection, commandPhase: () => Phase) {
    this.#connection = connection;
    this.#commandPhase = commandPhase;
    connection.on('error', (error: Error) => this.#end(sentenceOf(error)));
    connection.on('end', () => this.#end('Connection closed'));
  }

  get isUsable(): boolean {
    return this.#isUsable;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  #end(why: string): void {
    this.#isUsable = false;
    this.#onEnd(why);
  }

  abandon(why: string): void {
    this.#connection.close();
    this.#end(why);
  }

  quit(): void {
    if (!this.#isUsable) return;
    this.#isUsable = false;
    this.#connection.quit();
  }

  async connect(relay: Relay): Promise<void> {
    await this.#wait((done) => this.#connection.connect(done));
    requireLoopback(relay, this.#connection._socket ? this.#connection._socket.remoteAddress : undefined);
    const { user, password } = relay;
    if (user === null || password === null) return;
    if (!this.#connection.secure && !relay.loopback) throw new Error('The connection is not encrypted.');
    await this.#wait((done) => this.#connection.login({ user, pass: password }, done));
  }

  /** A callback of nodemailer's as a promise that also ends with the connection. */
  #wait(call: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onEnd = (why) => reject(new Error(why));
      call((error) => (error ? reject(error) : resolve()));
    });
  }

  async send(message: SessionMessage): Promise<SessionOutcome> {
    this.#hasBegun = false;
    const begun = Promise.withResolvers<void>();
    const body = new MessageBody(message, {
      onBegun: () => {
        this.#hasBegun = true;
        begun.resolve();
      },
      // nodemailer takes a 250 for a 354: then whose answer is it?
      isInvited: () => String(this.#connection.lastServerResponse).startsWith('354'),
      onUninvited: () => this.abandon(`The relay answered DATA with ${this.#connection.lastServerResponse}`),
      onRefused: () => {
        // Closing takes the body off the socket first: no final dot follows.
        this.abandon('stopped');
        begun.resolve();
      },
    });
    const outcome = await this.#exchange(message, body);
    // Where the connection ended while `begin` was being written, its result is waited for: ours comes after it.
    if (body.isAsking) await begun.promise;
    if (body.failure) throw body.failure.error;
    if (body.isRefused) return { kind: 'stopped' };
    if (this.#isUsable) {
      // Whoever doesn't answer what was asked may answer anything next.
      if (outcome.kind !== 'answered') this.abandon('not answered');
      else if (parseReply(outcome.reply).code >= 300) await this.#reset();
    }
    this.#hasBegun = false;
    return outcome;
  }

  #exchange(message: SessionMessage, body: MessageBody): Promise<SessionOutcome> {
    return new Promise((resolve) => {
      // nodemailer closes first and hands over the answer that made it do so right afterwards.
      this.#onEnd = (why) => queueMicrotask(() => resolve({ ...endOf(body), why, phase: this.#phaseOf(body) }));
      // One recipient as an object: a string would be split at commas.
      const envelope = { from: { address: message.from }, to: [{ address: message.to }] };
      this.#connection.send(envelope, body, (error, info) => {
        resolve(outcomeOf(error ?? { response: info?.response ?? '250' }, body, this.#phaseOf(body)));
        // An answer before the final dot: the rest must not follow, or the relay might take it after all. At once: the
        // body may end before a promise tells anybody.
        if (body.hasBegun && !body.hasEnded) this.abandon('answered early');
      });
      // A connection that was closed before this tells nobody.
      if (!this.#isUsable) this.#onEnd('Connection closed');
    });
  }

  #phaseOf(body: MessageBody): Phase {
    if (body.hasEnded) return 'final_dot';
    return body.hasBegun ? 'content' : this.#commandPhase();
  }

  /** RSET, so that the next MAIL isn't taken for a second one of this transaction. */
  async #reset(): Promise<void> {
    try {
      await this.#wait((done) => this.#connection.reset(done));
    } catch (error) {
      this.abandon(sentenceOf(error));
    }
  }
}

/** What nodemailer says about a message, read as an answer or as the connection's end. */
function outcomeOf(
  end: { message?: string; code?: string | undefined; command?: string | undefined; response?: string | undefined },
  body: MessageBody,
  written: Phase,
): SessionOutcome {
  // Commands go out together: which of them was written last doesn't tell which one was answered.
  const phase = end.command === 'MAIL FROM' ? 'mail' : end.command === 'RCPT TO' ? 'rcpt' : written;
  const reply = end.response ?? '';
  const why = end.message === undefined ? reply : sentenceOf(end);
  // EPROTOCOL: a reply that nobody asked for; it is about nothing that we know.
  if (isAnswer(reply, body) && end.code !== 'EPROTOCOL') {
    return phase === 'mail' && refusesSender(parseReply(reply).code)
      ? { kind: 'refused', why: reply, phase }
      : { kind: 'answered', reply, phase };
  }
  // Our own check of the envelope: this address can't be mailed at all.
  if (end.code === 'EENVELOPE' && reply === '') return { kind: 'answered', reply: `553 5.1.3 ${why}`, phase: 'rcpt' };
  return { ...endOf(body), why, phase };
}

/** Whether a relay's words decide anything: the same code in each line (RFC 5321 §4.2.1), a yes only to the final dot. */
function isAnswer(reply: string, body: MessageBody): boolean {
  const codes = new Set(reply.split(/\r?\n/).map((line) => parseReply(line).code));
  const [code = 0] = codes;
  return codes.size === 1 && (code >= 400 || (code >= 200 && code < 300 && body.hasEnded));
}

/** What the connection's end means for the message on it. */
function endOf(body: MessageBody): { readonly kind: 'in_doubt' | 'returned' } {
  return { kind: body.hasEnded ? 'in_doubt' : 'returned' };
}
