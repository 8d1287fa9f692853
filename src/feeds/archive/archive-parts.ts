import type { Instant } from '../../clock.ts';

/** Articles in one archive document; never to be changed, as every part's contents hang on it. */
export const archivePartSize = 50;

/** An article's place in its language's archive. */
export interface ArchiveSlot {
  readonly id: string;
  readonly lang: string;
  /** When it was first seen published; null: it never was, so that it has no slot. */
  readonly publishedAt: Instant | null;
  /** The date that it was first published with, which an edit of `date` leaves as it is. */
  readonly archiveDate: Instant;
}

/**
 * All that were ever published in a language, the first one first: by first publication, then by date and id, as an
 * imported archive is seen all at once. A new article always comes last, and a withdrawn one keeps its slot, so no
 * article ever moves from part to part.
 *
 * @param articles in whatever state, in any order.
 */
export function listSlots<T extends ArchiveSlot>(articles: readonly T[], lang: string): readonly T[] {
  return articles.filter((article) => article.lang === lang && article.publishedAt !== null).sort(compareSlots);
}

/** How many parts are full: only these are documents, numbered from 1, the oldest. */
export function countParts(slots: readonly ArchiveSlot[]): number {
  return Math.floor(slots.length / archivePartSize);
}

/** The slots of part `number`, the first one first; empty where there is no such part. */
export function listPart<T extends ArchiveSlot>(slots: readonly T[], number: number): readonly T[] {
  if (!Number.isInteger(number) || number < 1 || number > countParts(slots)) return [];
  return slots.slice((number - 1) * archivePartSize, number * archivePartSize);
}

/** The slots after the last full part, the first one first: fewer than a part. */
export function listRecent<T extends ArchiveSlot>(slots: readonly T[]): readonly T[] {
  return slots.slice(countParts(slots) * archivePartSize);
}

function compareSlots(a: ArchiveSlot, b: ArchiveSlot): number {
  return (
    compare(a.publishedAt ?? '', b.publishedAt ?? '') || compare(a.archiveDate, b.archiveDate) || compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
