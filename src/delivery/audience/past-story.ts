import type { Instant } from '../../clock.ts';
import type { Article, Story } from '../../content/index.ts';

/** How long a story counts as had: a month of days, so that what is rare enough to be old may come again. */
export const pastDays = 30;

/** A story that an edition holds, as it is remembered. */
export interface FrozenStory {
  readonly key: string;
  /** The last change of each of its articles, by id: every language counts as the same story. */
  readonly versions: Readonly<Record<string, Instant>>;
}

/** A story of an edition that an earlier one held too, so that readers may have had it. */
export interface PastStory {
  /** Its key in the edition at hand. */
  readonly key: string;
  readonly editionId: string;
  /** Its key in that earlier edition: another one where a translation has come first since. */
  readonly keyThen: string;
  /** As it was then. */
  readonly versions: FrozenStory['versions'];
}

export function frozenStory({ key, byLanguage }: Story): FrozenStory {
  return { key, versions: Object.fromEntries([...byLanguage.values()].map(({ id, updated }) => [id, updated])) };
}

/** Whether an article has changed significantly since its story was had; a translation that is new to it hasn't. */
export function isUpdateOf({ id, updated }: Article, { versions }: Pick<PastStory, 'versions'>): boolean {
  const then = versions[id];
  return then !== undefined && updated > then;
}
