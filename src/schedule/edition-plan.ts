import { type Clock, type Instant, plusMs } from '../clock.ts';
import type { LiveCatalog, PublishedCatalog, Story } from '../content/index.ts';
import {
  type AudienceStore,
  type DeliveryLedger,
  frozenStory,
  type PastStory,
  type ReaderGroup,
} from '../delivery/index.ts';
import {
  type ChooseInput,
  type ComposedEdition,
  chooseStories,
  composeEdition,
  type Edition,
  type EditionStore,
  type StorySelection,
} from '../digest/index.ts';
import type { ResizedPictures } from '../feeds/index.ts';
import type { Site } from '../site.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { previousDue } from './cadence.ts';
import type { DeskTransport } from './desk-transport.ts';
import type { SeriesBook } from './series-book.ts';

export interface PlannerOptions {
  readonly site: Site;
  readonly series: SeriesBook;
  readonly templatesDir: string;
  readonly published: () => PublishedCatalog;
  readonly withBodies: LiveCatalog['withBodies'];
  /** Where mail finds smaller pictures; default: none. */
  readonly sizes?: Pick<ResizedPictures, 'find' | 'loaded'>;
  readonly editions: EditionStore;
  readonly ledger: Pick<DeliveryLedger, 'listPast'>;
  readonly audience: AudienceStore;
  readonly transport: DeskTransport;
  readonly clock: Clock;
}

/** What an edition is made by. */
export type EditionBrief = Pick<
  Edition,
  'newsletter' | 'rhythm' | 'key' | 'dueAt' | 'selection' | 'audience' | 'arrangement'
>;

/** What an edition holds, and its readers. */
export interface PlannedEdition extends ComposedEdition {
  readonly rhythms: readonly Rhythm[];
  readonly groups: readonly ReaderGroup[];
}

export interface PlanProgress {
  /** Told before each language is rendered. */
  readonly onLanguage?: (lang: string) => void;
  /** Told how many readers have been looked at. */
  readonly onReaders?: (readers: number) => void;
}

/** Looks what an edition would be now, without keeping anything. */
export interface EditionPlanner {
  /** Composes it for its readers; null where nothing is new. */
  plan(edition: EditionBrief, progress?: PlanProgress): Promise<PlannedEdition | null>;
  /**
   * Renders it in every language, whoever its readers are; null where nothing is new.
   *
   * @param languageOrders those that readers have; default: one language each.
   */
  render(
    edition: EditionBrief,
    languageOrders?: readonly (readonly string[])[],
    progress?: PlanProgress,
  ): Promise<ComposedEdition | null>;
  /** Only chooses its stories: nothing is rendered, and no reader looked at. */
  select(edition: EditionBrief): Promise<StorySelection>;
  /** Its readers by what they chose and have had of these stories. Takes half a minute for a million. */
  listReaders(edition: EditionBrief, stories: readonly Story[]): Promise<readonly ReaderGroup[]>;
}

export function createEditionPlanner(options: PlannerOptions): EditionPlanner {
  const { site, series, editions, ledger, audience, transport, clock } = options;

  function choiceOf(edition: EditionBrief, now: Instant): ChooseInput {
    const { newsletter, cadence } = series.getSeries(edition.newsletter, edition.rhythm);
    const periodStart = cadence.period === null ? null : previousDue(cadence, plusMs(edition.dueAt, -1));
    return { newsletter, edition, periodStart, published: options.published(), editions, now };
  }

  function readersOf(edition: EditionBrief, now: Instant, { onReaders }: PlanProgress = {}) {
    const { rhythms } = series.getSeries(edition.newsletter, edition.rhythm);
    return {
      newsletter: edition.newsletter,
      rhythms,
      audience: edition.audience,
      excludeReserved: !transport.local,
      now,
      ...(onReaders ? { onProgress: onReaders } : {}),
    };
  }

  async function listPast({ selection }: EditionBrief, stories: readonly Story[], now: Instant): Promise<PastStory[]> {
    return selection.again ? [] : ledger.listPast(stories.map(frozenStory), now);
  }

  const render: EditionPlanner['render'] = async (edition, languageOrders = [], { onLanguage } = {}) => {
    await options.sizes?.loaded();
    return composeEdition({
      ...choiceOf(edition, clock.now()),
      site,
      edition,
      languageOrders,
      withBodies: options.withBodies,
      templatesDir: options.templatesDir,
      ...(options.sizes ? { sizes: options.sizes } : {}),
      ...(onLanguage ? { onLanguage } : {}),
    });
  };

  return {
    render,
    select: (edition) => chooseStories(choiceOf(edition, clock.now())),
    async listReaders(edition, stories) {
      const now = clock.now();
      return audience.listAudience({ ...readersOf(edition, now), past: await listPast(edition, stories, now) });
    },
    async plan(edition, progress = {}) {
      const readers = readersOf(edition, clock.now(), progress);
      const groups = await audience.listAudience({ ...readers, past: [] });
      const languageOrders = groups.map(({ choice }) => choice.languages);
      const content = await render(edition, languageOrders, progress);
      if (content === null) return null;
      const past = await listPast(edition, content.stories, readers.now);
      return {
        ...content,
        rhythms: readers.rhythms,
        // Almost always nobody has had any of it.
        groups: past.length === 0 ? groups : await audience.listAudience({ ...readers, past }),
      };
    },
  };
}
