import type { Instant } from '../clock.ts';
import type { Story } from '../content/index.ts';

/** What an edition holds, what it doesn’t, and why. */
export interface StorySelection {
  /** In the edition’s order. */
  readonly chosen: readonly ChosenStory[];
  /** Every other published story, newest first. */
  readonly omitted: readonly OmittedStory[];
  /** Keys of pinned stories that nobody may read any more, or yet. */
  readonly gone: readonly string[];
}

export interface ChosenStory {
  readonly story: Story;
  readonly why: WhyChosen;
}

export interface OmittedStory {
  readonly story: Story;
  readonly why: WhyOmitted;
}

export type WhyChosen =
  /** An operator put it at the top. */
  | { readonly kind: 'pinned' }
  /** It was asked for by its slug. */
  | { readonly kind: 'named' }
  /** Dated since the day that was asked for. */
  | { readonly kind: 'dated'; readonly since: Instant }
  /** First seen published since the last edition; null: there was none. */
  | { readonly kind: 'new'; readonly since: Instant | null };

export type WhyOmitted =
  | { readonly kind: 'left_out'; readonly by: string }
  /** Only the articles that were named are wanted. */
  | { readonly kind: 'not_named' }
  /** In an earlier edition for the same readers. */
  | { readonly kind: 'used' }
  /** Not of the newsletter’s countries or topics. */
  | { readonly kind: 'elsewhere' }
  /** Published before the last edition was made, which didn’t take it. */
  | { readonly kind: 'passed_over'; readonly cutoff: Instant }
  /** Dated before the day that was asked for, or too long ago to be news. */
  | { readonly kind: 'too_old'; readonly since: Instant }
  /** No room was left. */
  | { readonly kind: 'over_limit'; readonly limit: number };
