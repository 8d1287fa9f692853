import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, sentenceOf } from '../errors.ts';
import { createRateLimit } from './rate-limit.ts';
import type { Relay } from './relay.ts';
import { judgeReply } from './retry-policy.ts';
import {
  openSmtpSession,
  RelayUnusable,
  type SessionOutcome,
  type SmtpSession,
  type SmtpTimeouts,
} from './smtp-session.ts';
import type { Attempt, AttemptResult, DeliverySource, Transport } from './transport.ts';

export interface NodemailerTransportOptions {
  readonly relay: Relay;
  /** Connections at once. */
  readonly connections: number;
  /** Messages on one connection before it is closed. */
  readonly messagesPerConnection: number;
  /** Messages a second, all connections together. */
  readonly ratePerSecond: number;
  /** How long an abort waits for answers to messages that have begun. */
  readonly drainMs: number;
  /** Told in a sentence when a connection can't be opened or ends without an answer. Never holds a secret. */
  readonly onTrouble?: (sentence: string) => void;
  /** Default 30 s, 30 s and ten minutes. */
  readonly timeouts?: Partial<SmtpTimeouts>;
  /** A connection with nothing to send is closed after this, default 10 s. */
  readonly idleMs?: number;
  /** First wait of a connection that had trouble while others work; it doubles up to a minute. Default 1 s. */
  readonly backOffMs?: number;
}

const maxBackOffMs = 60_000;

/** Hands mail to a relay by nodemailer's SMTP connection, fed so that the ledger knows how far each message came. */
export function createNodemailerTransport(options: NodemailerTransportOptions): Transport {
  const { relay } = options;
  const ca = relay.caFile === null ? null : readCa(relay.caFile);
  const limit = createRateLimit(options.ratePerSecond);
  return {
    name: relay.name,
    async run(source, signal) {
      await new Run(options, ca, limit, source, signal).run();
    },
    // A relay can't be asked what it took.
    findEvidence: async () => 'unknown',
    async close() {},
  };
}

/** One run: its connections side by side, each with one message at a time. */
class Run {
  readonly #options: NodemailerTransportOptions;
  readonly #ca: Buffer | null;
  readonly #limit: ReturnType<typeof createRateLimit>;
  readonly #source: DeliverySource;
  readonly #timeouts: SmtpTimeouts;
  /** Aborts with the caller's signal, or when the relay turns out to be unusable. */
  readonly #signal: AbortSignal;
  readonly #giveUp = new AbortController();
  /** Connections that are being opened or have had an answer. */
  #hopeful = 0;

  constructor(
    options: NodemailerTransportOptions,
    ca: Buffer | null,
    limit: ReturnType<typeof createRateLimit>,
    source: DeliverySource,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#ca = ca;
    this.#limit = limit;
    this.#source = source;
    this.#signal = AbortSignal.any([signal, this.#giveUp.signal]);
    this.#timeouts = { connectMs: 30_000, greetingMs: 30_000, answerMs: 600_000, ...options.timeouts };
  }

  async run(): Promise<void> {
    const lines = Array.from({ length: this.#options.connections }, () => this.#line());
    const results = await Promise.allSettled(lines);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** One connection after the other, until there is nothing more to send. */
  async #line(): Promise<void> {
    let session: SmtpSession | null = null;
    let sent = 0;
    let troubles = 0;
    try {
      for (;;) {
        const attempt = await this.#next(session);
        if (attempt === null) return;
        if (session && (!session.isUsable || sent >= this.#options.messagesPerConnection)) {
          this.#leave(session);
          session = null;
        }
        let trouble: string | null = null;
        if (!session) {
          sent = 0;
          this.#hopeful += 1;
          try {
            session = await openSmtpSession(this.#options.relay, this.#ca, this.#timeouts, this.#signal);
          } catch (error) {
            trouble = sentenceOf(error);
            const phase = error instanceof RelayUnusable ? error.phase : 'connect';
            await this.#source.settle([{ kind: 'returned', attempt, reply: trouble, phase, reached: false }]);
          }
        }
        if (session) {
          const outcome = await this.#deliver(session, attempt);
          trouble = this.#troubleOf(outcome, sent);
          if (outcome.kind === 'answered') sent += 1;
          if (outcome.kind === 'refused') session.quit();
        }
        if (trouble === null) {
          troubles = 0;
          continue;
        }
        this.#leave(session);
        session = null;
        troubles += 1;
        await this.#weather(trouble, troubles);
      }
    } catch (error) {
      this.#giveUp.abort();
      throw error;
    } finally {
      if (session) this.#leave(session);
    }
  }

  /** The next attempt once the rate allows it; a connection that waits long is closed meanwhile. */
  async #next(session: SmtpSession | null): Promise<Attempt | null> {
    const idle = setTimeout(() => session?.quit(), this.#options.idleMs ?? 10_000);
    const attempt = await this.#source.next(this.#signal).finally(() => clearTimeout(idle));
    if (attempt === null) return null;
    try {
      await this.#limit.take(this.#signal);
      return attempt;
    } catch {
      await this.#source.settle([stopped(attempt)]);
      return null;
    }
  }

  #leave(session: SmtpSession | null): void {
    this.#hopeful -= 1;
    session?.quit();
  }

  async #deliver(session: SmtpSession, attempt: Attempt): Promise<SessionOutcome> {
    const { envelope } = attempt;
    let stopsEarly = false;
    let drain: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      // What has begun may finish; the rest has written nothing.
      if (!session.hasBegun) session.abandon('stopped before it was sent');
      else drain = setTimeout(() => session.abandon('no answer before the stop'), this.#options.drainMs);
    };
    this.#signal.addEventListener('abort', onAbort);
    try {
      const outcome = await session.send({
        from: envelope.from,
        to: envelope.to,
        begin: async () => {
          stopsEarly = this.#signal.aborted;
          return !stopsEarly && (await this.#source.begin(attempt));
        },
        body: () => attempt.message(),
      });
      await this.#source.settle([
        outcome.kind === 'stopped' && stopsEarly ? stopped(attempt) : resultOf(attempt, outcome),
      ]);
      return outcome;
    } finally {
      clearTimeout(drain);
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  /** A connection that ends before any answer, or a relay that refuses us, is no bad luck but trouble. */
  #troubleOf(outcome: SessionOutcome, answered: number): string | null {
    const { name } = this.#options.relay;
    if (outcome.kind === 'refused') return `The relay ${name} refuses the sender: ${outcome.why}`;
    if (outcome.kind !== 'returned' && outcome.kind !== 'in_doubt') return null;
    return answered > 0 || this.#signal.aborted ? null : `The relay ${name} ended the connection: ${outcome.why}`;
  }

  /** Waits while other connections have hope; gives the run up where none has. */
  async #weather(trouble: string, troubles: number): Promise<void> {
    if (this.#signal.aborted) return;
    this.#options.onTrouble?.(trouble);
    if (this.#hopeful === 0) throw new AppError('unavailable', trouble);
    const waitMs = Math.min(maxBackOffMs, (this.#options.backOffMs ?? 1000) * 2 ** (troubles - 1));
    await pause(waitMs, undefined, { signal: this.#signal }).catch(() => {});
  }
}

function stopped(attempt: Attempt): AttemptResult {
  return { kind: 'returned', attempt, reply: 'stopped before it was sent', phase: 'connect', reached: false };
}

function resultOf(attempt: Attempt, outcome: SessionOutcome): AttemptResult {
  switch (outcome.kind) {
    case 'answered': {
      const { reply, phase } = outcome;
      return { kind: judgeReply(reply, phase).kind, attempt, reply, phase };
    }
    case 'refused':
      return { kind: 'returned', attempt, reply: outcome.why, phase: outcome.phase, reached: false };
    case 'returned':
      return { kind: 'returned', attempt, reply: outcome.why, phase: outcome.phase, reached: true };
    case 'in_doubt':
      return { kind: 'in_doubt', attempt, reply: outcome.why, phase: outcome.phase };
    case 'stopped':
      return { kind: 'stopped', attempt };
    default:
      return outcome satisfies never;
  }
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AppError('invalid', `The relay's ca file ${file} can't be read: ${sentenceOf(error)}.`, { cause: error });
  }
}
