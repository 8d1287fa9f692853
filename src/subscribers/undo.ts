import { type Instant, plusMs } from '../clock.ts';
import type { Subscription } from './subscription.ts';

/** A leaving that can be undone. */
export interface UndoOffer {
  /** Which one: all that was left at this instant comes back together. */
  readonly leftAt: Instant;
  readonly newsletters: readonly string[];
  /** Until then it can be. */
  readonly until: Instant;
}

const undoMs = 7 * 86_400_000;

/** Whether what was left at an instant can still be brought back by a button. */
export function isUndoable(leftAt: Instant, now: Instant): boolean {
  return plusMs(leftAt, undoMs) > now;
}

/** The newest leaving by the reader's own hand, or the one that a newsletter was part of; null where it is too late. */
export function findUndo(
  subscriptions: readonly Subscription[],
  now: Instant,
  newsletter: string | null = null,
): UndoOffer | null {
  const left = subscriptions.filter(
    ({ state, source, leftFrom }) =>
      state === 'left' && leftFrom !== null && (source === 'one-click' || source === 'page' || source === 'mail'),
  );
  const instants = left.filter((one) => newsletter === null || one.newsletter === newsletter).map(({ since }) => since);
  const leftAt = instants.toSorted().at(-1);
  if (leftAt === undefined || !isUndoable(leftAt, now)) return null;
  const newsletters = left.filter(({ since }) => since === leftAt).map((one) => one.newsletter);
  return { leftAt, newsletters, until: plusMs(leftAt, undoMs) };
}
