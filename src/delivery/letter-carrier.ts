import { type Clock, plusMs, toMs } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Letter, LetterStore } from '../subscribers/index.ts';
import type { Attempt, AttemptResult, Transport } from './transport.ts';

export interface LetterCarrierOptions {
  readonly store: Pick<LetterStore, 'hasDue' | 'claimLetters' | 'settleLetter' | 'deferLetter'>;
  readonly transport: Transport;
  readonly compose: (letter: Letter) => Promise<Attempt>;
  /** Why nothing may leave to this address for now or ever; null: it may. */
  readonly refusal: (address: string) => string | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes letters to single readers out, each at least once, beside the editions and ahead of what they have queued. */
export interface LetterCarrier {
  /** Sends what is due until nothing is or `stop` aborts. What can't be sent is tried again later. Never rejects. */
  sendDue(stop: AbortSignal): Promise<void>;
}

const minuteMs = 60_000;
/** Waits between tries; the last one repeats. */
const backOffMs = [1, 5, 15, 60].map((minutes) => minutes * minuteMs);
/** Whoever asked for it has long given up waiting. */
const giveUpMs = 24 * 60 * minuteMs;
/** Longer than a relay may think about a final dot: a process that died with a letter leaves it to the next one. */
const claimMs = 15 * minuteMs;
const batch = 20;

export function createLetterCarrier(options: LetterCarrierOptions): LetterCarrier {
  const { store, transport, compose, clock, log } = options;

  async function tryLater(letter: Letter, reply: string): Promise<void> {
    const now = clock.now();
    const isOver = toMs(now) - toMs(letter.createdAt) > giveUpMs;
    log.warn('problem', {
      letter: letter.id,
      message: `A letter (${letter.kind}) could not be sent: ${reply}${isOver ? ' It is given up.' : ''}`,
    });
    if (isOver) return store.settleLetter(letter.id, 'failed', reply, now);
    const waitMs = backOffMs[Math.min(letter.tries, backOffMs.length - 1)] ?? minuteMs;
    return store.deferLetter(letter.id, plusMs(now, waitMs), reply, true);
  }

  async function settle(letter: Letter, result: AttemptResult, stop: AbortSignal): Promise<void> {
    const reply = ('reply' in result && result.reply) || result.kind;
    if (result.kind === 'sent') return store.settleLetter(letter.id, 'sent', reply, clock.now());
    if (result.kind === 'failed') {
      log.warn('problem', { letter: letter.id, message: `A letter (${letter.kind}) was refused: ${reply}` });
      return store.settleLetter(letter.id, 'failed', reply, clock.now());
    }
    if (stop.aborted) return store.deferLetter(letter.id, clock.now(), reply, false);
    // In doubt is a reason to send it again: better twice than never.
    return tryLater(letter, reply);
  }

  async function send(letters: readonly Letter[], stop: AbortSignal): Promise<void> {
    const waiting = [...letters];
    const open = new Map<Attempt, Letter>();
    const next = async (): Promise<Attempt | null> => {
      for (let letter = waiting.shift(); letter !== undefined; letter = waiting.shift()) {
        const refusal = options.refusal(letter.address);
        if (refusal !== null) {
          await store.settleLetter(letter.id, 'failed', refusal, clock.now());
          continue;
        }
        try {
          const attempt = await compose(letter);
          open.set(attempt, letter);
          return attempt;
        } catch (error) {
          await tryLater(letter, sentenceOf(error));
        }
      }
      return null;
    };
    const settleAll = async (results: readonly AttemptResult[]): Promise<void> => {
      for (const result of results) {
        const letter = open.get(result.attempt);
        open.delete(result.attempt);
        if (letter) await settle(letter, result, stop);
      }
    };
    try {
      await transport.run({ next, begin: async () => true, settle: settleAll }, stop);
    } catch (error) {
      for (const letter of [...waiting.splice(0), ...open.values()]) await tryLater(letter, sentenceOf(error));
    }
    const again = plusMs(clock.now(), stop.aborted ? 0 : minuteMs);
    for (const letter of waiting) await store.deferLetter(letter.id, again, 'not begun', false);
  }

  return {
    async sendDue(stop) {
      try {
        while (!stop.aborted && (await store.hasDue(clock.now()))) {
          const now = clock.now();
          await send(await store.claimLetters(now, plusMs(now, claimMs), batch), stop);
        }
      } catch (error) {
        log.error('problem', { message: `Letters to readers can’t be sent: ${sentenceOf(error)}` });
      }
    },
  };
}
