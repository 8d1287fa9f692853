import type { Instant } from '../clock.ts';
import type { NewLetter } from './letter.ts';

export type LetterPosting = 'posted' | 'limited';

/** Where letters to single readers are kept from the moment they are wanted. */
export interface LetterStore {
  /** Keeps a letter to be sent; `limited` where its address got as many as its kind's rule allows. */
  addLetter(letter: NewLetter, now: Instant): Promise<LetterPosting>;
}
