import { type Instant, toMs } from '../clock.ts';
import { type Rhythm, rhythms } from '../subscribers/index.ts';
import { type Cadence, nextDue } from './cadence.ts';

const dayMs = 86_400_000;
/** A rhythm makes a difference where editions come more often than this: a little less than its period. */
const comesWithinMs: Readonly<Record<Exclude<Rhythm, 'each'>, number>> = {
  daily: 0.9 * dayMs,
  weekly: 6 * dayMs,
  monthly: 25 * dayMs,
};
/** So many gaps take in a weekend. */
const gaps = 5;

/** The rhythms in which a newsletter can come: each edition, and those that bring fewer. */
export function rhythmsFor(cadence: Cadence, now: Instant): readonly Rhythm[] {
  const first = nextDue(cadence, now);
  let last = first;
  for (let gap = 0; gap < gaps; gap += 1) last = nextDue(cadence, last);
  const usualMs = (toMs(last) - toMs(first)) / gaps;
  return rhythms.filter((rhythm) => rhythm === 'each' || usualMs < comesWithinMs[rhythm]);
}
