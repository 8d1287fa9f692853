import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { toMs } from '../clock.ts';
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
import { keepRecent } from '../keep-recent.ts';
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
  readonly clock: Clock;
}

/**
 * Draws an edition as it would go out now; what is the same as at the last time isn’t drawn again. Null where nothing is
 * new. What was frozen is never drawn again.
 */
export interface EditionProofs {
  /**
   * Waits for it, a second or two.
   *
   * @param languageOrders those that its readers have.
   * @throws AppError `invalid` for a template that doesn't compile.
   */
  draw(edition: Edition, languageOrders: readonly (readonly string[])[]): Promise<EditionProof | null>;
  /** What is drawn already; otherwise it is begun, and who asks again some time later gets it, or why it came to nothing. */
  look(edition: Edition, languageOrders: readonly (readonly string[])[]): Promise<EditionProof | null | 'drawing'>;
}

/** Some 100 KB for each language. */
const kept = 4;
/** Long enough for what only has to be read; a page waits no longer. */
const promptMs = 20;
/** What came to nothing isn’t tried again at each look. */
const patienceMs = 10_000;

export function createEditionProofs(options: ProofsOptions): EditionProofs {
  const { series, planner, editions, clock } = options;
  const faults = new Map<string, { readonly at: number; readonly error: unknown }>();
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

  /** The same for the same letters. */
  async function keyOf(edition: Edition, languageOrders: readonly (readonly string[])[]): Promise<string> {
    if (edition.frozenAt !== null) return `${edition.id}\nfrozen`;
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
    return `${edition.id}\n${hash}\n${JSON.stringify(languageOrders)}`;
  }

  return {
    draw: async (edition, languageOrders) => proofs(await keyOf(edition, languageOrders)),
    async look(edition, languageOrders) {
      const key = await keyOf(edition, languageOrders);
      const fault = faults.get(key);
      if (fault && toMs(clock.now()) - fault.at < patienceMs) throw fault.error;
      const drawing = proofs(key);
      drawing.then(
        () => faults.delete(key),
        (error: unknown) => keepRecent(faults, key, { at: toMs(clock.now()), error }, kept),
      );
      return Promise.race([drawing, delay(promptMs, 'drawing' as const, { ref: false })]);
    },
  };
}

function contentOf({ byLanguage }: Story): readonly (readonly [string, string])[] {
  return [...byLanguage.values()].map(({ id, contentHash }) => [id, contentHash]);
}
