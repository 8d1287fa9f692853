import { type Clock, type Instant, plusMs, toInstant, toMs } from '../../clock.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { domainOf, type Letter } from '../../subscribers/index.ts';
import { logWithoutAddresses } from '../../without-addresses.ts';
import type { SendingGate } from '../pace/sending-gate.ts';
import { addressFault } from '../replies/address-fault.ts';
import { classOf } from '../replies/result-entry.ts';
import { shortReply } from '../replies/smtp-reply.ts';
import type { Attempt, AttemptResult, Transport } from '../transport.ts';
import { createLetterClaims } from './letter-claims.ts';
import type { LetterAnswer, LetterQueue } from './letter-queue.ts';
import { nextLetterTry } from './letter-retry.ts';
import { createLetterTurns } from './letter-turns.ts';

export interface LetterCarrierOptions {
  readonly queue: LetterQueue;
  readonly transport: Transport;
  /** The paces that letters share with editions, and the domains that are closed. */
  readonly gate: SendingGate;
  readonly compose: (letter: Letter) => Promise<Attempt>;
  /** Why nothing may leave to this address for now or ever; null: it may. */
  readonly refusal: (address: string) => string | null;
  /** Told that a domain gets nothing for a while, and in which words it refused. */
  readonly onClosed: (domain: string, until: Instant, reply: string) => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two renewals of what it has taken in milliseconds, default 30 s. */
  readonly renewEveryMs?: number;
}

/** Takes letters to single readers out, each at least once, beside the editions and ahead of what they have queued. */
export interface LetterCarrier {
  /** Sends what is due until nothing is or `stop` aborts. What can't be sent is tried again later. Never rejects. */
  sendDue(stop: AbortSignal): Promise<void>;
}

/** A letter under way. */
interface Out {
  readonly letter: Letter;
  /** Epoch milliseconds. */
  readonly takenAt: number;
}

const batch = 20;

export function createLetterCarrier(options: LetterCarrierOptions): LetterCarrier {
  const { transport, gate, compose, clock } = options;
  const log = logWithoutAddresses(options.log);
  const claims = createLetterClaims({ ...options, log });

  async function tryLater(letter: Letter, answer: LetterAnswer): Promise<void> {
    const now = clock.now();
    const next = nextLetterTry(letter, now);
    log.warn('problem', {
      letter: letter.id,
      message: `A letter (${letter.kind}) could not be sent: ${answer.reply}${next === null ? ' It is given up.' : ''}`,
    });
    if (next === null) return claims.settleLetter(letter.id, 'failed', answer, now);
    return claims.deferLetter(letter.id, next, answer, now);
  }

  async function settle(letter: Letter, result: AttemptResult, stop: AbortSignal): Promise<void> {
    const answer = answerOf(result);
    if (result.kind === 'sent') return claims.settleLetter(letter.id, 'sent', answer, clock.now());
    if (result.kind === 'failed') {
      log.warn('problem', { letter: letter.id, message: `A letter (${letter.kind}) was refused: ${answer.reply}` });
      return claims.settleLetter(letter.id, 'failed', answer, clock.now());
    }
    if (stop.aborted) return claims.returnLetter(letter.id, clock.now());
    const isKeptBack = result.kind === 'returned' && result.reply === null && !(await isWanted(result.attempt));
    // In doubt is a reason to send it again: better twice than never.
    return tryLater(letter, isKeptBack ? unasked(closedWords) : answer);
  }

  /** A domain may have been closed since the letter was given out. */
  async function isWanted({ envelope }: Attempt): Promise<boolean> {
    return !gate.isClosed(domainOf(envelope.to), toMs(clock.now()));
  }

  /** What its end says about its domain. */
  async function leave({ letter, takenAt }: Out, result: AttemptResult | null): Promise<void> {
    const left = gate.leave(domainOf(letter.address), takenAt, result && classOf(result), toMs(clock.now()));
    const closure = left && (await left);
    if (closure === null) return;
    const { domain, until } = closure;
    const reply = result === null ? '' : answerOf(result).reply;
    log.error('problem', {
      domain,
      message: `${domain} refuses a letter because of the sender: “${reply}”. It gets no mail before ${toInstant(until)}; no reader there is blamed.`,
    });
    options.onClosed(domain, toInstant(until), reply);
  }

  async function send(letters: readonly Letter[], stop: AbortSignal): Promise<void> {
    const turns = createLetterTurns(letters, gate, clock);
    const open = new Map<Attempt, Out>();
    const next = async (signal: AbortSignal): Promise<Attempt | null> => {
      for (let letter = await turns.next(signal); letter !== null; letter = await turns.next(signal)) {
        const out = { letter, takenAt: toMs(clock.now()) };
        const refusal = options.refusal(letter.address);
        try {
          if (refusal === null) {
            const attempt = await compose(letter);
            open.set(attempt, out);
            return attempt;
          }
          await claims.settleLetter(letter.id, 'failed', unasked(refusal), clock.now());
        } catch (error) {
          await tryLater(letter, unasked(sentenceOf(error)));
        }
        await leave(out, null);
      }
      return null;
    };
    const settleAll = async (results: readonly AttemptResult[]): Promise<void> => {
      for (const result of results) {
        const out = open.get(result.attempt);
        open.delete(result.attempt);
        // What was said of the domain is known to the next one at once.
        if (out) await Promise.all([leave(out, result), settle(out.letter, result, stop)]);
      }
    };
    try {
      await transport.run({ next, isWanted, begin: async () => true, settle: settleAll }, stop);
    } catch (error) {
      const unusable = unasked(sentenceOf(error));
      for (const out of open.values()) {
        await tryLater(out.letter, unusable);
        await leave(out, null);
      }
      for (const { letter } of turns.remove()) await tryLater(letter, unusable);
    }
    for (const { letter, isClosed, waitMs } of turns.remove()) {
      if (isClosed) await tryLater(letter, unasked(closedWords));
      else await claims.returnLetter(letter.id, plusMs(clock.now(), stop.aborted ? 0 : Math.max(1, Math.ceil(waitMs))));
    }
  }

  return {
    async sendDue(stop) {
      try {
        while (!stop.aborted && (await claims.hasDue(clock.now()))) {
          await gate.load(toMs(clock.now()));
          await send(await claims.claim(batch), stop);
        }
      } catch (error) {
        log.error('problem', { message: `Letters to readers can’t be sent: ${sentenceOf(error)}` });
      } finally {
        claims.letGo();
      }
    },
  };
}

const closedWords = 'Its domain gets no mail for now, since it refuses the sender.';

/** Said by us: no relay was asked. */
function unasked(reply: string): LetterAnswer {
  return { reply, against: null };
}

function answerOf(result: AttemptResult): LetterAnswer {
  const replyClass = classOf(result);
  const reply = shortReply(('reply' in result && result.reply) || result.kind);
  return {
    reply,
    against: replyClass === null || !('phase' in result) ? null : addressFault(replyClass, result.phase),
  };
}
