import type { RelayTrouble } from '../../../delivery/index.ts';
import { type Edition, type EditionReason, whyHeld } from '../../../digest/index.ts';
import { findWaiting } from '../../../schedule/index.ts';

/**
 * An edition's state as a sentence, without a full stop: `Held: its time was missed by more than its grace`.
 *
 * @param relays those that can't be used.
 */
export function stateSentence(edition: Edition, relays: readonly RelayTrouble[]): string {
  const { state, reason } = edition;
  switch (state) {
    case 'draft':
      return 'A draft that can still be changed';
    case 'approved':
      return 'Approved; it goes out at its time';
    case 'sending':
      return findWaiting(edition, relays) === null ? 'Being sent' : 'Being sent, but it waits for its relay';
    case 'paused':
      return reason === 'sender_faults'
        ? 'Paused: relays found fault with the sender too often'
        : 'Paused by an operator';
    case 'sent':
      return 'Sent';
    case 'skipped':
      return `Not sent: ${whySkipped(reason)}`;
    case 'held':
      return `Held: ${whyHeld(edition)}`;
    case 'cancelled':
      return 'Called off';
    default:
      return state satisfies never;
  }
}

function whySkipped(reason: EditionReason | null): string {
  if (reason === 'nothing_new') return 'nothing was new';
  return reason === 'superseded' ? 'a later one took its place' : 'an operator left it out';
}
