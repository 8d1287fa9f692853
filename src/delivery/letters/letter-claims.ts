import { type Clock, plusMs } from '../../clock.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Letter } from '../../subscribers/index.ts';
import type { LetterQueue } from './letter-queue.ts';

export interface LetterClaimsOptions {
  readonly queue: LetterQueue;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two renewals in milliseconds, default 30 s. */
  readonly renewEveryMs?: number;
}

/** A queue's letters as one process takes them: they are its own until it is done with them, or for two minutes after it died. */
export interface LetterClaims extends Pick<LetterQueue, 'hasDue' | 'settleLetter' | 'deferLetter' | 'returnLetter'> {
  /** Takes letters that are due, at most so many. */
  claim(limit: number): Promise<Letter[]>;
  /** Leaves what it still has to the next one who looks in two minutes. */
  letGo(): void;
}

/** A reader waits so long for the letter that a process died with. */
const claimMs = 120_000;

export function createLetterClaims({ queue, clock, log, renewEveryMs = 30_000 }: LetterClaimsOptions): LetterClaims {
  const held = new Set<number>();
  let timer: NodeJS.Timeout | undefined;

  function renew(): void {
    queue.renewLetters([...held], plusMs(clock.now(), claimMs)).catch((error: unknown) => {
      // Another process may send them too: better twice than never.
      log.warn('problem', { message: `Letters under way can’t be kept: ${sentenceOf(error)}` });
    });
  }

  function stopRenewing(): void {
    clearInterval(timer);
    timer = undefined;
  }

  /** Before it is done with: a renewal afterwards would put it off. */
  function release(id: number): void {
    held.delete(id);
    if (held.size === 0) stopRenewing();
  }

  return {
    hasDue: (now) => queue.hasDue(now),
    async claim(limit) {
      const now = clock.now();
      const letters = await queue.claimLetters(now, plusMs(now, claimMs), limit);
      for (const { id } of letters) held.add(id);
      if (held.size > 0) timer ??= setInterval(renew, renewEveryMs);
      return letters;
    },
    letGo() {
      held.clear();
      stopRenewing();
    },
    settleLetter(id, state, answer, now) {
      release(id);
      return queue.settleLetter(id, state, answer, now);
    },
    deferLetter(id, notBefore, answer, now) {
      release(id);
      return queue.deferLetter(id, notBefore, answer, now);
    },
    returnLetter(id, notBefore) {
      release(id);
      return queue.returnLetter(id, notBefore);
    },
  };
}
