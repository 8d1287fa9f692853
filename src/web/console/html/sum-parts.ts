import type { EditionCounts } from '../../../digest/index.ts';

/** What became of an edition's readers, as a page tells them apart. */
export type SumPart = 'sent' | 'waiting' | 'attempting' | 'deferred' | 'failed' | 'in_doubt' | 'cancelled' | 'excluded';

export interface CountedPart {
  readonly part: SumPart;
  readonly name: string;
  readonly readers: number;
  /** What it means, without a full stop. */
  readonly why: string;
}

/**
 * The parts of an edition in the order in which a bar shows them; those that are nought are left out, but for `sent`.
 *
 * @throws Error where they don't add up to its candidates: then the page would lie.
 */
export function partsOf(counts: EditionCounts): CountedPart[] {
  const parts: CountedPart[] = [
    { part: 'sent', name: 'Sent', readers: counts.sent, why: 'the relay took it' },
    { part: 'waiting', name: 'Waiting', readers: counts.queued + counts.claimed, why: 'not begun yet' },
    { part: 'attempting', name: 'Under way', readers: counts.attempting, why: 'being handed to the relay' },
    { part: 'deferred', name: 'Put off', readers: counts.deferred, why: 'will be tried again' },
    { part: 'failed', name: 'Failed', readers: counts.failed, why: 'refused for good, or out of time' },
    { part: 'in_doubt', name: 'In doubt', readers: counts.in_doubt, why: 'nobody knows whether it arrived' },
    { part: 'cancelled', name: 'Called off', readers: counts.cancelled, why: 'stopped before their turn' },
    { part: 'excluded', name: 'Left out', readers: counts.excluded, why: 'not meant for them when it was frozen' },
  ];
  const sum = parts.reduce((total, { readers }) => total + readers, 0);
  if (sum !== counts.candidates || parts.some(({ readers }) => readers < 0)) {
    throw new Error(`The parts of an edition add up to ${sum}, not to its ${counts.candidates} candidates.`);
  }
  return parts.filter(({ part, readers }) => readers > 0 || part === 'sent');
}
