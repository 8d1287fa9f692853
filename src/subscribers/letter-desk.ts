import type { Clock } from '../clock.ts';
import type { NewLetter } from './letter.ts';
import type { LetterPosting, LetterStore } from './letter-store.ts';

/** Where letters to single readers are handed in. */
export interface LetterDesk {
  /** Keeps a letter, which leaves soon and at least once; durable when it resolves. `limited`: the address got enough. */
  post(letter: NewLetter): Promise<LetterPosting>;
}

/** @param onPosted told where a letter was kept, so that it leaves at once where this process sends. */
export function createLetterDesk(
  store: Pick<LetterStore, 'addLetter'>,
  clock: Clock,
  onPosted: () => void,
): LetterDesk {
  return {
    async post(letter) {
      const posting = await store.addLetter(letter, clock.now());
      if (posting === 'posted') onPosted();
      return posting;
    },
  };
}
