import { type Arrangement, type Edition, type EditionStore, unarranged } from '../digest/index.ts';

/**
 * How an edition by hand is arranged: one of what is new holds what the schedule’s next one would, so that it takes over
 * what operators arranged for its draft. What they left out must not go out for being sent earlier.
 */
export type DraftArrangement = (issue: Pick<Edition, 'newsletter' | 'rhythm' | 'selection'>) => Promise<Arrangement>;

export function createDraftArrangement(editions: Pick<EditionStore, 'findDraft'>): DraftArrangement {
  return async ({ newsletter, rhythm, selection }) => {
    if (selection.slugs !== null || selection.since !== null) return unarranged;
    return (await editions.findDraft(newsletter, rhythm))?.arrangement ?? unarranged;
  };
}
