import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { toMs } from '../clock.ts';
import type { Story } from '../content/index.ts';
import {
  type Arrangement,
  type Edition,
  type EditionPieces,
  type EditionStore,
  templatesVersion,
} from '../digest/index.ts';
import { keepRecent } from '../keep-recent.ts';
import type { EditionBrief, EditionPlanner } from './edition-plan.ts';
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
  readonly editions: Pick<EditionStore, 'listPieces'>;
  readonly templatesDir: string;
  readonly clock: Clock;
}

/** An edition, or what one would be made by. */
export type ProofWish = EditionBrief | Edition;

type LanguageOrders = readonly (readonly string[])[];

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
  draw(edition: ProofWish, languageOrders: LanguageOrders): Promise<EditionProof | null>;
  /** What is drawn already; otherwise it is begun, and who asks again some time later gets it, or why it came to nothing. */
  look(edition: ProofWish, languageOrders: LanguageOrders): Promise<EditionProof | null | 'drawing'>;
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
  const drawn = new Map<string, Promise<EditionProof | null>>();

  async function make(edition: ProofWish, languageOrders: LanguageOrders): Promise<EditionProof | null> {
    if (isFrozen(edition)) {
      const pieces = await editions.listPieces(edition.id);
      const keys = pieces[0]?.stories.map(({ storyKey }) => storyKey) ?? [];
      return { keys, pieces, arrangement: edition.arrangement };
    }
    const composed = await planner.render(edition, languageOrders);
    return composed && { ...composed, keys: composed.stories.map(({ key }) => key) };
  }

  /** Who asks at the same time shares one drawing; what failed is forgotten. */
  async function draw(edition: ProofWish, languageOrders: LanguageOrders, key: string): Promise<EditionProof | null> {
    const known = drawn.get(key);
    const drawing = known ?? make(edition, languageOrders);
    keepRecent(drawn, key, drawing, kept);
    if (known === undefined) drawing.catch(() => drawn.delete(key));
    return drawing;
  }

  /** The same for the same letters. */
  async function keyOf(edition: ProofWish, languageOrders: LanguageOrders): Promise<string> {
    if (isFrozen(edition)) return edition.id;
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
    return `${hash}\n${JSON.stringify(languageOrders)}`;
  }

  return {
    draw: async (edition, languageOrders) => draw(edition, languageOrders, await keyOf(edition, languageOrders)),
    async look(edition, languageOrders) {
      const key = await keyOf(edition, languageOrders);
      const fault = faults.get(key);
      if (fault && toMs(clock.now()) - fault.at < patienceMs) throw fault.error;
      const drawing = draw(edition, languageOrders, key);
      drawing.then(
        () => faults.delete(key),
        (error: unknown) => keepRecent(faults, key, { at: toMs(clock.now()), error }, kept),
      );
      return Promise.race([drawing, delay(promptMs, 'drawing' as const, { ref: false })]);
    },
  };
}

function isFrozen(edition: ProofWish): edition is Edition {
  return 'frozenAt' in edition && edition.frozenAt !== null;
}

function contentOf({ byLanguage }: Story): readonly (readonly [string, string])[] {
  return [...byLanguage.values()].map(({ id, contentHash }) => [id, contentHash]);
}
