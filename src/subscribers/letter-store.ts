import type { Instant } from '../clock.ts';
import type { Letter, NewLetter } from './letter.ts';

export type LetterPosting = 'posted' | 'limited';

/** Letters to single readers, from the moment they are wanted until they have left. */
export interface LetterStore {
  /** Keeps a letter to be sent; `limited` where its address got as many as its kind's rule allows. */
  addLetter(letter: NewLetter, now: Instant): Promise<LetterPosting>;
  /** Whether a letter is due. */
  hasDue(now: Instant): Promise<boolean>;
  /**
   * Takes letters that are due, oldest first; until `until` no other process takes them. Those whose reader was erased,
   * or whose address gets no mail any more, are cancelled instead.
   */
  claimLetters(now: Instant, until: Instant, limit: number): Promise<Letter[]>;
  /** It has left, or never will. */
  settleLetter(id: number, state: 'sent' | 'failed', reply: string, now: Instant): Promise<void>;
  /** Another try at `notBefore`; `counts`: this one came to nothing. */
  deferLetter(id: number, notBefore: Instant, reply: string, counts: boolean): Promise<void>;
}
