import { type Instant, plusMs, toMs } from '../../clock.ts';
import type { Letter } from '../../subscribers/index.ts';

const minuteMs = 60_000;
/** Waits between tries; the last one repeats. */
const backOffMs = [1, 5, 15, 60].map((minutes) => minutes * minuteMs);
/** Whoever asked for it has long given up waiting. */
const giveUpMs = 24 * 60 * minuteMs;

/** When a letter whose try came to nothing is tried again; null: it is given up. */
export function nextLetterTry({ tries, createdAt }: Pick<Letter, 'tries' | 'createdAt'>, now: Instant): Instant | null {
  if (toMs(now) - toMs(createdAt) > giveUpMs) return null;
  return plusMs(now, backOffMs[Math.min(tries, backOffMs.length - 1)] ?? minuteMs);
}
