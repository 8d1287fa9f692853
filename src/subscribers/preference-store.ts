import type { Instant } from '../clock.ts';
import type { PreferenceWishes } from './preference-form.ts';
import type { Wording } from './sign-up.ts';
import type { Rhythm } from './subscription.ts';

/** Fewer letters, or none for a while. */
export type Easing =
  | { readonly rhythm: Rhythm }
  /** Null: until the reader or an operator resumes. */
  | { readonly pausedUntil: Instant | null };

/** Who does it: the reader on a page of ours, or an operator for them. */
export type EasingSource = 'page' | 'operator';

/**
 * What readers change by their own links, and operators for them. Each is one transaction with its entry in the record of consents, and durable
 * when it resolves.
 */
export interface PreferenceStore {
  /**
   * Makes everything as wished; what doesn't change keeps its date. False where all was so before: then nothing is
   * recorded.
   *
   * @param offered newsletters that the reader could choose from; any other stays as it is.
   * @param wording what the reader agreed to, word by word, in their language.
   */
  saveWishes(
    subscriberId: number,
    wishes: PreferenceWishes,
    offered: readonly string[],
    wording: Wording,
    now: Instant,
  ): Promise<boolean>;
  /** Eases a newsletter that the reader gets; false where they don't. */
  ease(subscriberId: number, newsletter: string, easing: Easing, source: EasingSource, now: Instant): Promise<boolean>;
  /** Ends a pause before its time; false where there is none. */
  resume(subscriberId: number, newsletter: string, source: EasingSource, now: Instant): Promise<boolean>;
  /** Brings back, as it was, what the reader left at that instant; returns the newsletters, none for a repeat. */
  undoLeaving(subscriberId: number, leftAt: Instant, wording: Wording, now: Instant): Promise<readonly string[]>;
}
