import { Temporal } from 'temporal-polyfill';
import { type Instant, toInstant } from '../../clock.ts';

const written = /^(\d{4}-\d{2}-\d{2})(?:[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?: ?(.+))?)?$/;
/** What needs no calendar: a time with its offset on a day that every month has. Most dates in an archive are so. */
const complete =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?(?:Z|[+-](?:0\d|1\d|2[0-3]):[0-5]\d)$/;
const offset = /^(?:[Zz]|[+-](?:0\d|1\d|2[0-3]):?[0-5]\d)$/;

/**
 * The instant of a date as editors write it: `2023-04-09` (00:00 in the zone), `2023-04-09 18:30`,
 * `2023-04-09T18:30:00+04:00`, `…Z`. Without an offset the time is the zone's; one that a change of clocks leaves out
 * is moved forward. Null for anything else, for days that don't exist, and for what ends up after the year 9999: RFC
 * 3339 has no such dates, and as text they would come before all others.
 *
 * @param timezone IANA name.
 */
export function parseArticleDate(text: string, timezone: string): Instant | null {
  if (complete.test(text)) return isInstant(text) ? text : toInstant(Date.parse(text));
  const instant = parseInstant(text, timezone);
  return instant?.startsWith('+') ? null : instant;
}

/** Whether a complete date is written as we write instants. */
function isInstant(text: string): boolean {
  return text.length === 24 && text.endsWith('Z');
}

function parseInstant(text: string, timezone: string): Instant | null {
  const match = written.exec(text.trim());
  const day = match?.[1];
  if (!match || day === undefined) return null;
  const [, , hour, minute, second = '00', fraction = '0', zone] = match;
  if (zone !== undefined && !offset.test(zone)) return null;
  try {
    const date = Temporal.PlainDate.from(day, { overflow: 'reject' });
    if (date.year < 1000) return null;
    if (hour === undefined) return instantOf(date.toZonedDateTime(timezone));
    const time = `${day}T${hour}:${minute}:${second}.${fraction}`;
    if (zone === undefined) return instantOf(Temporal.PlainDateTime.from(time).toZonedDateTime(timezone));
    return toInstant(Temporal.Instant.from(time + zone.toUpperCase()).epochMilliseconds);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function instantOf(moment: Temporal.ZonedDateTime): Instant {
  return toInstant(moment.epochMilliseconds);
}

/** The year that a calendar shows in the zone at an instant. */
export function yearIn(timezone: string, instant: Instant): number {
  // No zone is more than a day from UTC.
  if (!/-(?:12-31|01-01)T/.test(instant)) return Number(instant.slice(0, 4));
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timezone).year;
}
