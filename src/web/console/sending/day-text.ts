import { type Instant, toMs } from '../../../clock.ts';
import { dateFormat } from '../../../i18n/index.ts';

/** `24 Nov 2026`: the day of an instant in a zone. */
export function dayText(instant: Instant, timeZone: string): string {
  return dateFormat('en-GB', { timeZone, day: 'numeric', month: 'short', year: 'numeric' }).format(toMs(instant));
}
