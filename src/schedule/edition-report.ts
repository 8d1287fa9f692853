import type { RelayTrouble } from '../delivery/index.ts';
import { type Edition, type EditionCounts, whatToDoAboutHold, whyHeld } from '../digest/index.ts';
import { findWaiting, whatToDoAboutRelay } from './troubles.ts';

const parts = [
  'sent',
  'queued',
  'claimed',
  'attempting',
  'deferred',
  'failed',
  'in_doubt',
  'cancelled',
  'excluded',
] as const satisfies readonly (keyof EditionCounts)[];

/** `12 readers: 10 sent, 1 deferred, 1 excluded`; parts that are nought are left out. */
export function describeCounts(counts: EditionCounts): string {
  const shown = parts.filter((part) => counts[part] > 0).map((part) => `${counts[part]} ${part.replace('_', ' ')}`);
  const readers = `${counts.candidates} ${counts.candidates === 1 ? 'reader' : 'readers'}`;
  return shown.length === 0 ? readers : `${readers}: ${shown.join(', ')}`;
}

/** Whether something is left that a person should look at. */
export function needsAttention(counts: EditionCounts): boolean {
  return counts.failed + counts.deferred + counts.in_doubt > 0;
}

/** How far an edition has come, from 0 to 1. */
export function shareDone(counts: EditionCounts): number {
  const open = counts.queued + counts.claimed + counts.attempting;
  return counts.candidates === 0 ? 1 : 1 - open / counts.candidates;
}

/** `held (missed)`, `sending (waits for its relay)`. */
export function describeState(edition: Edition, relays: readonly RelayTrouble[]): string {
  const why = findWaiting(edition, relays) === null ? edition.reason : 'waits for its relay';
  return why === null ? edition.state : `${edition.state} (${why})`;
}

/** Since when an edition waits for its relay, and what to do. */
export function explainWaiting({ since, said }: Pick<RelayTrouble, 'since' | 'said'>): string {
  return `since ${since}: ${said}. ${whatToDoAboutRelay}`;
}

/** Why an edition is held and what to do. */
export function explainHold(edition: Edition): string {
  return `${whyHeld(edition)}. ${whatToDoAboutHold(edition)}`;
}

/** Why an edition is paused: the end of a sentence, without its full stop. */
function whyPaused({ reason }: Pick<Edition, 'reason'>): string {
  return reason === 'sender_faults' ? 'relays found fault with the sender too often' : 'an operator paused it';
}

/** The same, and what to do. */
export function explainPause({ id, reason }: Pick<Edition, 'id' | 'reason'>): string {
  return `${whyPaused({ reason })}. silkpost editions resume ${id} lets it go on, cancel gives it up.`;
}
