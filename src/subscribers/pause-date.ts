import { Temporal } from 'temporal-polyfill';
import { type Instant, toInstant } from '../clock.ts';

/** The days that a pause may end on, both included, as calendars in the publication's zone show them. */
export interface PauseDays {
  /** `2026-11-28` */
  readonly first: string;
  readonly last: string;
}

const longestMonths = 12;
const dayText = /^[1-9]\d{3}-\d{2}-\d{2}$/;

/** From tomorrow to the same day a year ahead. */
export function pauseDays(timezone: string, now: Instant): PauseDays {
  const today = dayOf(timezone, now);
  return { first: today.add({ days: 1 }).toString(), last: today.add({ months: longestMonths }).toString() };
}

/**
 * The first moment of the day that a pause ends on, in the publication's zone; null where there is no such day, or it
 * isn't one of `pauseDays`.
 */
export function parsePauseDay(text: string, timezone: string, now: Instant): Instant | null {
  const { first, last } = pauseDays(timezone, now);
  if (!dayText.test(text) || text < first || text > last) return null;
  try {
    const day = Temporal.PlainDate.from(text, { overflow: 'reject' });
    return toInstant(day.toZonedDateTime(timezone).epochMilliseconds);
  } catch (error) {
    if (error instanceof RangeError) return null; // 30 February
    throw error;
  }
}

/** The day that a pause ends on, as a date field takes it. */
export function pauseDayText(until: Instant, timezone: string): string {
  return dayOf(timezone, until).toString();
}

/** The day so many months from today. */
export function monthsFrom(timezone: string, now: Instant, months: number): Instant {
  return toInstant(dayOf(timezone, now).add({ months }).toZonedDateTime(timezone).epochMilliseconds);
}

function dayOf(timezone: string, instant: Instant): Temporal.PlainDate {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timezone).toPlainDate();
}
