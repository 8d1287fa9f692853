import type { Story } from '../content/index.ts';

/** What an operator changed of what an edition would hold by itself. */
export interface Arrangement {
  /** Stories that stay away from it, by key, and who said so. */
  readonly leftOut: readonly LeftOut[];
  /** Keys of stories that it holds whatever their age, at its top in this order. */
  readonly pinned: readonly string[];
  /** Keys of the others in the order that somebody gave them; what came later stands where it would by itself. */
  readonly order: readonly string[];
  /** By language; where there is none it is the lead’s headline. */
  readonly subjects: Readonly<Record<string, string>>;
  /** What stands beside the subject, by language; where there is none these are the other headlines. */
  readonly preheaders: Readonly<Record<string, string>>;
}

export interface LeftOut {
  readonly key: string;
  /** The operator’s name. */
  readonly by: string;
}

/** Nothing was changed. */
export const unarranged: Arrangement = { leftOut: [], pinned: [], order: [], subjects: {}, preheaders: {} };

/**
 * Whether a key is that of a story, or was: it changes where an earlier language of the publication gets the story
 * later, but stays the id of one of its articles.
 */
export function isKeyOf(key: string, { byLanguage }: Pick<Story, 'byLanguage'>): boolean {
  return [...byLanguage.values()].some(({ id }) => id === key);
}

/**
 * Stories in the order that somebody gave them. One that is new since stands right after the one that it follows by
 * itself, or first.
 */
export function inGivenOrder(stories: readonly Story[], order: readonly string[]): readonly Story[] {
  const placeOf = (story: Story): number => order.findIndex((key) => isKeyOf(key, story));
  const ordered = stories.filter((story) => placeOf(story) !== -1).toSorted((a, b) => placeOf(a) - placeOf(b));
  for (const [index, story] of stories.entries()) {
    if (ordered.includes(story)) continue;
    const before = stories[index - 1];
    ordered.splice(before === undefined ? 0 : ordered.indexOf(before) + 1, 0, story);
  }
  return ordered;
}
