import type { Instant } from '../clock.ts';
import type { Edition, EditionStore, Newsletter } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { ReaderCount, ReaderCounts, Rhythm } from '../subscribers/index.ts';
import { nextDue } from './cadence.ts';
import type { EditionDesk } from './edition-desk.ts';
import type { Series } from './rhythm.ts';

/** What a newsletter's readers of one rhythm get next, or are just getting. */
export interface ComingEdition {
  readonly newsletter: Newsletter;
  readonly rhythm: Rhythm;
  /** A draft, one that waits for its time or a person, or one on its way; null: there is none yet. */
  readonly edition: Edition | null;
  /** Its time, or where there is none yet that of the next one on schedule. */
  readonly dueAt: Instant;
  /** Who would get it if it left now. */
  readonly readers: number;
  /** How many stories it would hold now; null where that is settled, or can't be told. */
  readonly stories: number | null;
}

export interface ComingEditionsOptions {
  /** Every newsletter's own, then its coarser ones, in the order of `silkpost.yaml`. */
  readonly series: readonly Series[];
  readonly editions: Pick<EditionStore, 'findPending' | 'findDraft'>;
  readonly readers: Pick<ReaderCounts, 'listCounts'>;
  readonly desk: Pick<EditionDesk, 'nextBrief' | 'select'>;
}

/**
 * Each newsletter's editions on their way and next, and those of the coarser rhythms that it has readers for, in the order
 * of `silkpost.yaml`. No reader is counted and nothing is rendered.
 */
export async function listComingEditions(
  { series, editions, readers: readerCounts, desk }: ComingEditionsOptions,
  now: Instant,
): Promise<ComingEdition[]> {
  const counts = await readerCounts.listCounts(now);
  const coming: ComingEdition[] = [];
  for (const { newsletter, rhythm, rhythms, cadence } of series) {
    const pending = await editions.findPending(newsletter.name, rhythm);
    const draft = await editions.findDraft(newsletter.name, rhythm);
    const readers = countReading(counts, newsletter, rhythms);
    if (rhythm !== 'each' && readers === 0 && pending === null && draft === null) continue;
    const editionsOf: (Edition | null)[] = [pending, draft].filter((edition) => edition !== null);
    // One that waits is the next one.
    if (draft === null && (pending === null || pending.state === 'sending' || pending.state === 'paused')) {
      editionsOf.push(null);
    }
    for (const edition of editionsOf) {
      const stories = await countStories(desk, newsletter, rhythm, edition);
      coming.push({ newsletter, rhythm, edition, dueAt: edition?.dueAt ?? nextDue(cadence, now), readers, stories });
    }
  }
  return coming;
}

async function countStories(
  desk: ComingEditionsOptions['desk'],
  newsletter: Newsletter,
  rhythm: Rhythm,
  edition: Edition | null,
): Promise<number | null> {
  if (edition !== null && edition.frozenAt !== null) return null;
  try {
    return (await desk.select(edition ?? (await desk.nextBrief(newsletter, rhythm)))).chosen.length;
  } catch (error) {
    // It names an article that is gone: its own page says so.
    if (error instanceof AppError && error.code === 'invalid') return null;
    throw error;
  }
}

function countReading(counts: readonly ReaderCount[], { name }: Newsletter, rhythms: readonly Rhythm[]): number {
  return counts
    .filter(({ newsletter, rhythm }) => newsletter === name && rhythms.includes(rhythm))
    .reduce((sum, { reading }) => sum + reading, 0);
}
