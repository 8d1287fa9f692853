import { setTimeout as pause } from 'node:timers/promises';
import { AppError, sentenceOf } from '../../errors.ts';
import { judgeReply } from '../replies/retry-policy.ts';
import type { Attempt, AttemptResult, DeliverySource, MessageBytes } from '../transport.ts';
import type { RelayTransportOptions } from './relay-options.ts';
import { RelayUnusable, type SessionMessage, type SessionOutcome, type SmtpSession } from './smtp-session.ts';

/** An attempt, and its message as a session takes it. */
interface Prepared extends SessionMessage {
  readonly attempt: Attempt;
  /** Whether it was kept back because the run is to end, before the ledger was asked. */
  readonly isHeldBack: () => boolean;
}

/** The message after the one under way: `ready` once it is there. */
interface Coming {
  readonly promise: Promise<Prepared | null>;
  ready: Prepared | null;
}

const nothing: Coming = { promise: Promise.resolve(null), ready: null };
const maxBackOffMs = 60_000;

/** One run of a transport: its connections side by side, until there is nothing more to send. */
export class RelayRun {
  readonly #options: RelayTransportOptions;
  readonly #open: (signal: AbortSignal) => Promise<SmtpSession>;
  readonly #source: DeliverySource;
  /** Aborts with the caller's signal, or when the relay turns out to be unusable. */
  readonly #signal: AbortSignal;
  readonly #giveUp = new AbortController();
  readonly #sessions = new Set<SmtpSession>();
  /** Connections that are being opened or have had an answer. */
  #hopeful = 0;
  /** Messages in a row, of all connections, that came to their final dot and got no answer. */
  #unanswered = 0;
  /** Results that are being written down. */
  readonly #settling = new Set<Promise<void>>();

  constructor(
    options: RelayTransportOptions,
    open: (signal: AbortSignal) => Promise<SmtpSession>,
    source: DeliverySource,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#open = open;
    this.#source = source;
    this.#signal = AbortSignal.any([signal, this.#giveUp.signal]);
  }

  async run(): Promise<void> {
    let drain: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      // What has begun may finish; the rest has written nothing.
      for (const session of this.#sessions) if (!session.hasBegun) session.abandon('stopped before it was sent');
      drain = setTimeout(() => {
        for (const session of this.#sessions) session.abandon('no answer before the stop');
      }, this.#options.drainMs);
    };
    this.#signal.addEventListener('abort', onAbort);
    const lines = Array.from({ length: this.#options.connections }, () => this.#line());
    const results = await Promise.allSettled(lines);
    clearTimeout(drain);
    this.#signal.removeEventListener('abort', onAbort);
    const settled = await Promise.allSettled(this.#settling);
    const failed = [...results, ...settled].find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** One connection after the other, until there is nothing more to send. */
  async #line(): Promise<void> {
    let session: SmtpSession | null = null;
    let coming = this.#ask();
    let sent = 0;
    let troubles = 0;
    try {
      for (;;) {
        const prepared = coming.ready ?? (await this.#whileIdle(session, coming));
        if (prepared === null) return;
        coming = nothing;
        if (this.#signal.aborted) {
          this.#settle(heldBack(prepared.attempt));
          return;
        }
        if (session && (!session.isUsable || sent >= this.#options.messagesPerConnection)) {
          this.#leave(session);
          session = null;
        }
        let trouble: string | null = null;
        if (!session) {
          sent = 0;
          this.#hopeful += 1;
          try {
            session = await this.#open(this.#signal);
            this.#sessions.add(session);
          } catch (error) {
            trouble = sentenceOf(error);
            const phase = error instanceof RelayUnusable ? error.phase : 'connect';
            const { attempt } = prepared;
            this.#settle({ kind: 'returned', attempt, reply: trouble, phase, reached: false });
          }
        }
        // Asked last: a connection can take its time to open.
        if (session && (await this.#source.isWanted?.(prepared.attempt)) === false) {
          // Its edition was paused, or its domain closed, since it was asked for: not even its envelope goes out.
          this.#settle(heldBack(prepared.attempt));
          coming = this.#ask();
          continue;
        }
        if (session) {
          const isLast = sent + 1 >= this.#options.messagesPerConnection;
          // While this message is under way the next one is made.
          const next = this.#ask();
          coming = next;
          const outcome = await session.send(prepared, () => (isLast ? null : next.ready));
          this.#settle(resultOf(prepared, outcome));
          trouble = this.#troubleOf(outcome, sent);
          if (outcome.kind === 'answered') sent += 1;
          this.#countDoubt(outcome);
        }
        if (trouble === null) {
          troubles = 0;
          continue;
        }
        this.#leave(session);
        session = null;
        troubles += 1;
        await this.#weather(trouble, troubles);
        if (coming === nothing) coming = this.#ask();
      }
    } catch (error) {
      this.#giveUp.abort();
      throw error;
    } finally {
      if (session) this.#leave(session);
      const left = await coming.promise.catch(() => null);
      if (left) this.#settle(heldBack(left.attempt));
    }
  }

  /** Asks for the next message. */
  #ask(): Coming {
    const coming: Coming = { promise: this.#prepare(), ready: null };
    coming.promise.then(
      (prepared) => {
        coming.ready = prepared;
      },
      () => {}, // whoever waits for it is told
    );
    return coming;
  }

  /** The next attempt, its message made. */
  async #prepare(): Promise<Prepared | null> {
    const attempt = await this.#source.next(this.#signal);
    if (attempt === null) return null;
    try {
      const made = attempt.message();
      return this.#preparedOf(attempt, 'then' in made ? await made : made);
    } catch (error) {
      this.#settle(heldBack(attempt));
      throw error;
    }
  }

  #preparedOf(attempt: Attempt, content: MessageBytes): Prepared {
    let isHeldBack = false;
    return {
      attempt,
      ...attempt.envelope,
      content,
      isHeldBack: () => isHeldBack,
      begin: () => {
        isHeldBack = this.#signal.aborted;
        return isHeldBack ? Promise.resolve(false) : this.#source.begin(attempt);
      },
    };
  }

  /** Waits for the next message; a connection that waits long is closed meanwhile. */
  async #whileIdle(session: SmtpSession | null, coming: Coming): Promise<Prepared | null> {
    const idle = setTimeout(() => session?.quit(), this.#options.idleMs ?? 10_000);
    return coming.promise.finally(() => clearTimeout(idle));
  }

  /** Has a result written down, while the connection goes on. */
  #settle(result: AttemptResult): void {
    const settled = this.#source.settle([result]);
    this.#settling.add(settled);
    settled.then(
      () => this.#settling.delete(settled),
      () => this.#giveUp.abort(),
    );
  }

  #leave(session: SmtpSession | null): void {
    this.#hopeful -= 1;
    if (!session) return;
    this.#sessions.delete(session);
    session.quit();
  }

  /** A connection that ends before any answer, or a relay that refuses us, is no bad luck but trouble. */
  #troubleOf(outcome: SessionOutcome, answered: number): string | null {
    const { name } = this.#options.relay;
    if (outcome.kind === 'refused') return `The relay ${name} refuses the sender: ${outcome.why}`;
    if (outcome.kind !== 'returned' && outcome.kind !== 'in_doubt') return null;
    return answered > 0 || this.#signal.aborted ? null : `The relay ${name} ended the connection: ${outcome.why}`;
  }

  /** A relay that takes messages and answers for none puts one reader after the other in doubt: it gets no more. */
  #countDoubt(outcome: SessionOutcome): void {
    if (outcome.kind === 'answered') this.#unanswered = 0;
    if (outcome.kind !== 'in_doubt' || this.#signal.aborted) return;
    this.#unanswered += 1;
    if (this.#unanswered < this.#options.connections) return;
    const { name } = this.#options.relay;
    throw new AppError('unavailable', `The relay ${name} answers no final dot: ${outcome.why}`);
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

function heldBack(attempt: Attempt): AttemptResult {
  return { kind: 'returned', attempt, reply: null, phase: 'connect', reached: false };
}

function resultOf({ attempt, isHeldBack }: Prepared, outcome: SessionOutcome): AttemptResult {
  switch (outcome.kind) {
    case 'answered': {
      const { reply, phase } = outcome;
      return { kind: judgeReply(reply, phase), attempt, reply, phase };
    }
    case 'refused':
      return { kind: 'returned', attempt, reply: outcome.why, phase: outcome.phase, reached: false };
    case 'returned':
      return { kind: 'returned', attempt, reply: outcome.why, phase: outcome.phase, reached: true };
    case 'in_doubt':
      return { kind: 'in_doubt', attempt, reply: outcome.why, phase: outcome.phase };
    case 'stopped':
      return isHeldBack() ? heldBack(attempt) : { kind: 'stopped', attempt };
    default:
      return outcome satisfies never;
  }
}
