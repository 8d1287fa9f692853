import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type CronFields, parseCronFields } from './cron-fields.ts';

/** When a newsletter is due: local times in one zone. */
export interface Cadence {
  /** As given, its fields parted by single spaces. */
  readonly expression: string;
  /** IANA name. */
  readonly timezone: string;
  readonly fields: CronFields;
  /** Due only at the first of its times in each of these; null: at every time. Weeks begin on Monday. */
  readonly period: 'daily' | 'weekly' | 'monthly' | null;
}

// Temporal rather than croner: in a doubled hour croner gives the times of a step (every 20 minutes) twice.

/**
 * @param expression five-field cron: minute, hour, day of the month, month, day of the week.
 * @param timezone IANA name.
 * @throws AppError `invalid`, with a sentence for whoever wrote the expression.
 */
export function parseCadence(expression: string, timezone: string): Cadence {
  const fields = parseCronFields(expression);
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timezone);
  } catch (cause) {
    throw new AppError('invalid', `The time zone ${timezone} isn't known. Write it like Asia/Tbilisi.`, { cause });
  }
  return { expression: expression.trim().split(/\s+/).join(' '), timezone, fields, period: null };
}

/** The last due time at or before `at`. */
export function previousDue(cadence: Cadence, at: Instant): Instant {
  const last = previousTime(cadence, at);
  return cadence.period === null ? last : nextTime(cadence, before(periodOf(cadence, cadence.period, last).start));
}

function previousTime(cadence: Cadence, at: Instant): Instant {
  const limit = Temporal.Instant.from(at).epochMilliseconds;
  for (const day of days(cadence, limit, -1)) {
    const due = lastWhere(cadence, day, (ms) => ms <= limit);
    if (due !== null) return instantText(due);
  }
  throw neverDue(cadence);
}

/**
 * The first due time after `after`. A time that a change of clocks leaves out is due at the first instant after the
 * gap, one that occurs twice at its first occurrence only.
 */
export function nextDue(cadence: Cadence, after: Instant): Instant {
  const next = nextTime(cadence, after);
  if (cadence.period === null) return next;
  const { start, end } = periodOf(cadence, cadence.period, next);
  const first = nextTime(cadence, before(start));
  return first > after ? first : nextTime(cadence, before(end));
}

function nextTime(cadence: Cadence, after: Instant): Instant {
  const limit = Temporal.Instant.from(after).epochMilliseconds;
  for (const day of days(cadence, limit, 1)) {
    const due = firstWhere(cadence, day, (ms) => ms > limit);
    if (due !== null) return instantText(due);
  }
  throw neverDue(cadence);
}

/** The local day, week or month of a time, from its start to the next one's. */
function periodOf(
  cadence: Cadence,
  period: NonNullable<Cadence['period']>,
  at: Instant,
): { start: number; end: number } {
  const start = startOf(period, Temporal.Instant.from(at).toZonedDateTimeISO(cadence.timezone));
  const end = startOf(period, start.add(period === 'monthly' ? { months: 1 } : { days: period === 'daily' ? 1 : 7 }));
  return { start: start.epochMilliseconds, end: end.epochMilliseconds };
}

/** The start of the local day, week or month that a time is in. */
export function startOf(period: NonNullable<Cadence['period']>, at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  switch (period) {
    case 'daily':
      return at.startOfDay();
    case 'weekly':
      return at.subtract({ days: at.dayOfWeek - 1 }).startOfDay();
    case 'monthly':
      return at.with({ day: 1 }).startOfDay();
    default:
      return period satisfies never;
  }
}

function before(ms: number): Instant {
  return instantText(ms - 1);
}

// 29 February stays away for at most eight years (1896 to 1904, 2096 to 2104).
const monthsSearched = 12 * 9;

/** The matching days from the one around `limit` on, forwards or backwards, with a day to spare for changes of clocks. */
function* days(cadence: Cadence, limit: number, step: 1 | -1): Generator<Temporal.PlainDate> {
  const { daysOfMonth, months, weekdays } = cadence.fields;
  const local = Temporal.Instant.fromEpochMilliseconds(limit).toZonedDateTimeISO(cadence.timezone).toPlainDate();
  let day = local.subtract({ days: step });
  const end = local.add({ months: step * monthsSearched });
  while (Temporal.PlainDate.compare(day, end) !== step) {
    if (!months.includes(day.month)) {
      // To the next month's first day, or the one before's last.
      day = step === 1 ? day.with({ day: 1 }).add({ months: 1 }) : day.with({ day: 1 }).subtract({ days: 1 });
      continue;
    }
    if (daysOfMonth.includes(day.day) && weekdays.includes(day.dayOfWeek % 7)) yield day;
    day = day.add({ days: step });
  }
}

/** Local times and their instants have the same order, so both searches are binary. */
function firstWhere(cadence: Cadence, day: Temporal.PlainDate, wanted: (ms: number) => boolean): number | null {
  const { minutesOfDay } = cadence.fields;
  let [low, high] = [0, minutesOfDay.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wanted(dueMs(cadence, day, minutesOfDay[middle] ?? 0))) high = middle;
    else low = middle + 1;
  }
  const found = minutesOfDay[low];
  return found === undefined ? null : dueMs(cadence, day, found);
}

function lastWhere(cadence: Cadence, day: Temporal.PlainDate, wanted: (ms: number) => boolean): number | null {
  const { minutesOfDay } = cadence.fields;
  let [low, high] = [0, minutesOfDay.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wanted(dueMs(cadence, day, minutesOfDay[middle] ?? 0))) low = middle + 1;
    else high = middle;
  }
  const found = minutesOfDay[low - 1];
  return found === undefined ? null : dueMs(cadence, day, found);
}

function dueMs(cadence: Cadence, day: Temporal.PlainDate, minuteOfDay: number): number {
  const local = day.toPlainDateTime({ hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60 });
  const zoned = local.toZonedDateTime(cadence.timezone, { disambiguation: 'earlier' });
  if (zoned.toPlainDateTime().equals(local)) return zoned.epochMilliseconds;
  // The time doesn't exist: `earlier` lies before the gap, which ends at the next change of the zone.
  return zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? zoned.epochMilliseconds;
}

function instantText(ms: number): Instant {
  return new Date(ms).toISOString();
}

function neverDue(cadence: Cadence): AppError {
  return new AppError('internal', `The schedule "${cadence.expression}" names no time.`);
}
