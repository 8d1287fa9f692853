import type { Instant } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
import { parseLocalTime } from '../schedule/index.ts';
import { UsageError } from './exit-codes.ts';

/** A time that was given as an option; see `parseLocalTime`. Throws UsageError for anything else. */
export function parseTimeOption(text: string, timezone: string, now: Instant): Instant {
  try {
    return parseLocalTime(text, timezone, now);
  } catch (error) {
    throw new UsageError(sentenceOf(error));
  }
}
