import { Temporal } from 'temporal-polyfill';
import { type Instant, toInstant } from '../clock.ts';
import { AppError } from '../errors.ts';

/**
 * A time that an operator wrote: with an offset (`2026-11-27T07:00+04:00`, `…Z`), without one in the publication's zone
 * (`2026-11-27 07:00`, `2026-11-27`), or as the next time the clock shows it (`18:30`).
 *
 * @throws AppError `invalid` for anything else.
 */
export function parseLocalTime(text: string, timezone: string, now: Instant): Instant {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text);
  try {
    if (clock) return nextTimeOfDay(`${clock[1]?.padStart(2, '0')}:${clock[2]}`, timezone, now);
    if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.length > 10) {
      return toInstant(Temporal.Instant.from(text.replace(' ', 'T')).epochMilliseconds);
    }
    const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'), { overflow: 'reject' });
    return toInstant(local.toZonedDateTime(timezone).epochMilliseconds);
  } catch {
    throw new AppError('invalid', `“${text}” is no time. Write 2026-11-27 07:00, 2026-11-27T07:00+04:00 or 18:30.`);
  }
}

function nextTimeOfDay(time: string, timezone: string, now: Instant): Instant {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timezone);
  const at = today.toPlainDate().toZonedDateTime({ timeZone: timezone, plainTime: Temporal.PlainTime.from(time) });
  const next = Temporal.ZonedDateTime.compare(at, today) > 0 ? at : at.add({ days: 1 });
  return toInstant(next.epochMilliseconds);
}
