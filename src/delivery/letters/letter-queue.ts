import type { Instant } from '../../clock.ts';
import type { Letter } from '../../subscribers/index.ts';
import type { CountingClass } from '../bounces/bounce-policy.ts';

/** What a relay said of a letter. */
export interface LetterAnswer {
  readonly reply: string;
  /** What it says against the reader's address; null: nothing. */
  readonly against: CountingClass | null;
}

/** Letters to single readers that are to leave. */
export interface LetterQueue {
  /** Whether a letter is due. */
  hasDue(now: Instant): Promise<boolean>;
  /**
   * Takes letters that are due, oldest first; until `until` no other process takes them. Those whose reader was erased,
   * or whose address gets no mail any more, are cancelled instead.
   */
  claimLetters(now: Instant, until: Instant, limit: number): Promise<Letter[]>;
  /** Keeps others from letters that were taken and are still under way, until `until` at least. */
  renewLetters(ids: readonly number[], until: Instant): Promise<void>;
  /** It has left, or never will; what the answer says against the address counts as a bounce. */
  settleLetter(id: number, state: 'sent' | 'failed', answer: LetterAnswer, now: Instant): Promise<void>;
  /** Another try, which came to nothing, is made at `notBefore`; what the answer says against the address counts. */
  deferLetter(id: number, notBefore: Instant, answer: LetterAnswer, now: Instant): Promise<void>;
  /** It was taken and not tried: it is due again at `notBefore`. */
  returnLetter(id: number, notBefore: Instant): Promise<void>;
}
