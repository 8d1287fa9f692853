import { type Instant, toMs } from '../../clock.ts';
import type { ReplyClass } from '../replies/reply-class.ts';

/** Classes that are about the reader's address; all others are about us or about one message, and never count. */
export type CountingClass = Extract<ReplyClass, 'address_gone' | 'slowly_gone' | 'soft' | 'refused'>;

/** One delivery that didn't reach its reader, of those that still count. */
export interface CountedBounce {
  readonly class: CountingClass;
  /** When the mail was sent, not when the report came: a report may take days. */
  readonly sentAt: Instant;
}

/** What follows for the reader. */
export type BounceConsequence = 'suppress' | 'suspend' | null;

const dayMs = 86_400_000;
/** Two reports of one outage are not two findings. */
const slowlyApartMs = 3 * dayMs;
const window = { daysBack: 30, bounceDays: 5, spreadDays: 14 } as const;

export function isCounting(replyClass: ReplyClass): replyClass is CountingClass {
  return (
    replyClass === 'address_gone' || replyClass === 'slowly_gone' || replyClass === 'soft' || replyClass === 'refused'
  );
}

/**
 * What an address's bounces since its last success come to: suppressed when it is gone, or twice slowly gone at least three
 * days apart; suspended after five bounce-days in thirty that are spread over fourteen or more.
 *
 * @param bounces In any order; at least the newest.
 */
export function judgeBounces(bounces: readonly CountedBounce[]): BounceConsequence {
  if (bounces.some((bounce) => bounce.class === 'address_gone')) return 'suppress';
  const slowly = bounces.filter((bounce) => bounce.class === 'slowly_gone').map(({ sentAt }) => toMs(sentAt));
  if (Math.max(...slowly) - Math.min(...slowly) >= slowlyApartMs) return 'suppress';
  const days = [...new Set(bounces.map(({ sentAt }) => Math.floor(toMs(sentAt) / dayMs)))].sort((a, b) => a - b);
  const newest = days.at(-1) ?? 0;
  const recent = days.filter((day) => day > newest - window.daysBack);
  const spread = newest - (recent[0] ?? newest);
  return recent.length >= window.bounceDays && spread >= window.spreadDays ? 'suspend' : null;
}
