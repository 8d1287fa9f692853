import type { Instant } from '../clock.ts';
import type { PublishedCatalog } from '../content/index.ts';
import type { Edition } from './edition.ts';
import type { EditionStore } from './edition-store.ts';
import type { Newsletter } from './newsletter.ts';
import { selectStories } from './select-articles.ts';
import type { StorySelection } from './story-selection.ts';

export interface ChooseInput {
  readonly newsletter: Newsletter;
  readonly edition: Pick<Edition, 'rhythm' | 'selection' | 'arrangement'>;
  /** What an edition without an earlier one of its rhythm begins with; null: with whatever isn't too old. */
  readonly periodStart: Instant | null;
  readonly published: PublishedCatalog;
  readonly editions: Pick<EditionStore, 'listUsedStories' | 'findLastCutoff'>;
  readonly now: Instant;
}

/**
 * What an edition would hold now, from what is published and what earlier ones held.
 *
 * @throws AppError `invalid` for an unknown slug.
 */
export async function chooseStories(input: ChooseInput): Promise<StorySelection> {
  const { newsletter, edition, published, editions, now } = input;
  const { rhythm, selection, arrangement } = edition;
  return selectStories(published, newsletter, {
    usedStories: await editions.listUsedStories(newsletter.name, rhythm),
    lastCutoff: (await editions.findLastCutoff(newsletter.name, rhythm)) ?? input.periodStart,
    now,
    rhythm,
    arrangement,
    ...(selection.since === null ? {} : { since: selection.since }),
    ...(selection.slugs === null ? {} : { slugs: selection.slugs }),
  });
}
