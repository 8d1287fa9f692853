import type { Instant } from '../clock.ts';
import type { Edition, EditionStore, Newsletter } from '../digest/index.ts';
import type { ReaderCount, ReaderCounts, Rhythm } from '../subscribers/index.ts';
import { nextDue } from './cadence.ts';
import { seriesOf } from './rhythm.ts';

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
}

export interface ComingEditionsOptions {
  readonly newsletters: readonly Newsletter[];
  readonly editions: Pick<EditionStore, 'findPending' | 'findDraft'>;
  readonly readers: Pick<ReaderCounts, 'listCounts'>;
}

/**
 * Each newsletter's editions on their way and next, and those of the coarser rhythms that it has readers for, in the order
 * of `silkpost.yaml`. No reader is counted and nothing is composed.
 */
export async function listComingEditions(
  { newsletters, editions, readers: readerCounts }: ComingEditionsOptions,
  now: Instant,
): Promise<ComingEdition[]> {
  const counts = await readerCounts.listCounts(now);
  const coming: ComingEdition[] = [];
  for (const newsletter of newsletters) {
    for (const { rhythm, rhythms, cadence } of seriesOf(newsletter)) {
      const pending = await editions.findPending(newsletter.name, rhythm);
      const draft = await editions.findDraft(newsletter.name, rhythm);
      const readers = countReading(counts, newsletter, rhythms);
      if (rhythm !== 'each' && readers === 0 && pending === null && draft === null) continue;
      for (const edition of [pending, draft]) {
        if (edition !== null) coming.push({ newsletter, rhythm, edition, dueAt: edition.dueAt, readers });
      }
      // One that waits is the next one.
      if (draft === null && (pending === null || pending.state === 'sending' || pending.state === 'paused')) {
        coming.push({ newsletter, rhythm, edition: null, dueAt: nextDue(cadence, now), readers });
      }
    }
  }
  return coming;
}

function countReading(counts: readonly ReaderCount[], { name }: Newsletter, rhythms: readonly Rhythm[]): number {
  return counts
    .filter(({ newsletter, rhythm }) => newsletter === name && rhythms.includes(rhythm))
    .reduce((sum, { reading }) => sum + reading, 0);
}
