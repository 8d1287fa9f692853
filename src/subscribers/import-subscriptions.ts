import type { Instant } from '../clock.ts';
import type { ImportField } from './import-format.ts';
import type { ImportStatus } from './import-status.ts';
import { parseImportTime } from './import-time.ts';
import { listOf, pairOf } from './list-cell.ts';
import type { NewSubscriber, SubscriptionException } from './subscriber-store.ts';
import { type Rhythm, rhythms } from './subscription.ts';

export type SubscriptionCells =
  | {
      readonly ok: true;
      /** All that are named, as written. */
      readonly newsletters: readonly string[];
      readonly wishes: Pick<NewSubscriber, 'rhythm' | 'exceptions'>;
    }
  | { readonly ok: false; readonly field: ImportField; readonly reason: string };

/**
 * What a row says of newsletters: `newsletters`, `paused` (`weekly` or `weekly=2026-12-24T00:00:00Z`), `left`, and `rhythm`
 * (a word for all, or `weekly=monthly;daily=each`).
 *
 * @param saysLeft Whether the file has a column for what readers have left: then a row without any says that there is none.
 */
export function readSubscriptionCells(
  cell: (field: ImportField) => string,
  status: ImportStatus,
  usual: { readonly newsletters: readonly string[]; readonly choices: { readonly newsletters: readonly string[] } },
  saysLeft: boolean,
): SubscriptionCells {
  const known = (name: string): string =>
    usual.choices.newsletters.find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
  const [active, left] = [listOf(cell('newsletters')).map(known), listOf(cell('left')).map(known)];
  const pauses = listOf(cell('paused')).map(pairOf);
  const exceptions = new Map<string, SubscriptionException>();
  for (const [name, until] of pauses) {
    const pausedUntil = until === null ? null : parseImportTime(until);
    if (until !== null && pausedUntil === null) {
      return { ok: false, field: 'paused', reason: 'A pause ends at a time like weekly=2026-12-24T00:00:00Z.' };
    }
    exceptions.set(known(name), { state: 'paused', pausedUntil });
  }
  for (const name of left) exceptions.set(name, { state: 'left', pausedUntil: null });
  const named = [...new Set([...active, ...exceptions.keys()])];
  const newsletters = named.length > 0 ? named : unnamed(status, usual, saysLeft);
  if (status.kind === 'paused') pauseOthers(exceptions, newsletters);
  const rhythm = readRhythms(cell('rhythm'), known, exceptions);
  if (rhythm === 'unknown') {
    return { ok: false, field: 'rhythm', reason: `This rhythm isn’t known. Known: ${rhythms.join(', ')}.` };
  }
  return { ok: true, newsletters, wishes: { ...(rhythm === null ? {} : { rhythm }), exceptions } };
}

/** A row that names no newsletter joins the usual ones, but has left all there are. */
function unnamed(
  status: ImportStatus,
  usual: Parameters<typeof readSubscriptionCells>[2],
  saysLeft: boolean,
): readonly string[] {
  if (saysLeft && status.kind !== 'active') return [];
  return status.kind === 'left' ? usual.choices.newsletters : usual.newsletters;
}

function pauseOthers(exceptions: Map<string, SubscriptionException>, newsletters: readonly string[]): void {
  for (const name of newsletters) {
    if (!exceptions.has(name)) exceptions.set(name, { state: 'paused', pausedUntil: null });
  }
}

/** The rhythm of all, null where none is said; those of single newsletters go to their exceptions. */
function readRhythms(
  text: string,
  known: (name: string) => string,
  exceptions: Map<string, SubscriptionException>,
): Rhythm | null | 'unknown' {
  let ofAll: Rhythm | null = null;
  for (const [name, word] of listOf(text).map(pairOf)) {
    const rhythm = rhythms.find((one) => one === (word ?? name).toLowerCase());
    if (rhythm === undefined) return 'unknown';
    if (word === null) ofAll = rhythm;
    else {
      const earlier: { state: 'active' | 'paused' | 'left'; pausedUntil: Instant | null } = exceptions.get(
        known(name),
      ) ?? {
        state: 'active',
        pausedUntil: null,
      };
      exceptions.set(known(name), { ...earlier, rhythm });
    }
  }
  return ofAll;
}
