import { type Clock, plusMs } from '../clock.ts';
import type { LiveCatalog, PublishedCatalog } from '../content/index.ts';
import { type DeliveryLedger, frozenStory, type ReaderGroup } from '../delivery/index.ts';
import { type ComposedEdition, composeEdition, type Edition, type EditionStore } from '../digest/index.ts';
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
  readonly ledger: Pick<DeliveryLedger, 'listAudience' | 'listPast'>;
  readonly transport: DeskTransport;
  readonly clock: Clock;
}

/** What an edition is made by. */
export type EditionBrief = Pick<Edition, 'newsletter' | 'rhythm' | 'key' | 'dueAt' | 'selection' | 'audience'>;

/** What an edition holds, and its readers. */
export interface PlannedEdition extends ComposedEdition {
  readonly rhythms: readonly Rhythm[];
  readonly groups: readonly ReaderGroup[];
}

/** Composes an edition for its readers, without keeping anything; null where nothing is new. */
export type EditionPlanner = (edition: EditionBrief, progress?: PlanProgress) => Promise<PlannedEdition | null>;

export interface PlanProgress {
  readonly onLanguage?: (lang: string) => void;
  /** Told how many readers have been looked at. */
  readonly onReaders?: (readers: number) => void;
}

export function createEditionPlanner(options: PlannerOptions): EditionPlanner {
  const { site, series, editions, ledger, transport, clock } = options;
  return async (edition, { onLanguage, onReaders } = {}) => {
    await options.sizes?.loaded();
    const { newsletter, cadence, rhythms } = series.getSeries(edition.newsletter, edition.rhythm);
    const readers = {
      newsletter: newsletter.name,
      rhythms,
      audience: edition.audience,
      excludeReserved: !transport.local,
      now: clock.now(),
      ...(onReaders ? { onProgress: onReaders } : {}),
    };
    const groups = await ledger.listAudience({ ...readers, past: [] });
    const content = await composeEdition({
      site,
      newsletter,
      edition,
      periodStart: cadence.period === null ? null : previousDue(cadence, plusMs(edition.dueAt, -1)),
      languageOrders: groups.map(({ choice }) => choice.languages),
      published: options.published(),
      withBodies: options.withBodies,
      editions,
      templatesDir: options.templatesDir,
      now: readers.now,
      ...(options.sizes ? { sizes: options.sizes } : {}),
      ...(onLanguage ? { onLanguage } : {}),
    });
    if (content === null) return null;
    const past = edition.selection.again ? [] : await ledger.listPast(content.stories.map(frozenStory), readers.now);
    // Almost always nobody has had any of it.
    return {
      ...content,
      rhythms,
      groups: past.length === 0 ? groups : await ledger.listAudience({ ...readers, past }),
    };
  };
}
