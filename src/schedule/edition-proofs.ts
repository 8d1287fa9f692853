import { createHash } from 'node:crypto';
import type { Story } from '../content/index.ts';
import { createRecentCache } from '../delivery/index.ts';
import {
  type Arrangement,
  type Edition,
  type EditionPieces,
  type EditionStore,
  templatesVersion,
} from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { EditionPlanner } from './edition-plan.ts';
import type { SeriesBook } from './series-book.ts';

/** An edition’s mails before anybody gets them, or as they were frozen. */
export interface EditionProof {
  /** Keys of its stories in its order. */
  readonly keys: readonly string[];
  /** One per language. */
  readonly pieces: readonly EditionPieces[];
  readonly arrangement: Arrangement;
}

export interface ProofsOptions {
  readonly series: SeriesBook;
  readonly planner: Pick<EditionPlanner, 'select' | 'render'>;
  readonly editions: Pick<EditionStore, 'findEdition' | 'listPieces'>;
  readonly templatesDir: string;
}

/**
 * Renders an edition as it would go out now, in a second or two; what is the same as at the last time isn’t rendered
 * again. Null where nothing is new. What was frozen is never rendered again.
 *
 * @param languageOrders those that its readers have.
 * @throws AppError `invalid` for a template that doesn't compile.
 */
export type EditionProofs = (
  edition: Edition,
  languageOrders: readonly (readonly string[])[],
) => Promise<EditionProof | null>;

/** Some 100 KB for each language. */
const kept = 4;

export function createEditionProofs(options: ProofsOptions): EditionProofs {
  const { series, planner, editions } = options;
  const proofs = createRecentCache(kept, async (key: string): Promise<EditionProof | null> => {
    const [id = '', _hash, orders = '[]'] = key.split('\n');
    const edition = await editions.findEdition(id);
    if (edition === null) throw new AppError('not_found', `There is no edition ${id}.`);
    if (edition.frozenAt !== null) {
      const pieces = await editions.listPieces(id);
      return {
        keys: pieces[0]?.stories.map(({ storyKey }) => storyKey) ?? [],
        pieces,
        arrangement: edition.arrangement,
      };
    }
    const languageOrders: readonly (readonly string[])[] = JSON.parse(orders); // as written below
    const composed = await planner.render(edition, languageOrders);
    return composed && { ...composed, keys: composed.stories.map(({ key: storyKey }) => storyKey) };
  });
  return async (edition, languageOrders) => {
    if (edition.frozenAt !== null) return proofs(`${edition.id}\nfrozen`);
    const { chosen } = await planner.select(edition);
    const about = [
      edition.key,
      edition.dueAt,
      edition.arrangement,
      series.getNewsletter(edition.newsletter),
      chosen.map(({ story }) => contentOf(story)),
      await templatesVersion(options.templatesDir),
    ];
    const hash = createHash('sha256').update(JSON.stringify(about)).digest('hex');
    return proofs(`${edition.id}\n${hash}\n${JSON.stringify(languageOrders)}`);
  };
}

function contentOf({ byLanguage }: Story): readonly (readonly [string, string])[] {
  return [...byLanguage.values()].map(({ id, contentHash }) => [id, contentHash]);
}
