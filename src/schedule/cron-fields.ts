import { AppError } from '../errors.ts';

/** What a cron expression allows, each list in ascending order. */
export interface CronFields {
  /** 0–1439: every allowed hour with every allowed minute. */
  readonly minutesOfDay: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday, 6 is Saturday. */
  readonly weekdays: readonly number[];
}

interface Field {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  /** Three-letter names, the first for `min`. */
  readonly names: readonly string[];
}

const minuteField: Field = { title: 'minute', min: 0, max: 59, names: [] };
const hourField: Field = { title: 'hour', min: 0, max: 23, names: [] };
const dayField: Field = { title: 'day of the month', min: 1, max: 31, names: [] };
const monthField: Field = {
  title: 'month',
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
// 7 is Sunday too, so that a range may end with it.
const weekdayField: Field = {
  title: 'day of the week',
  min: 0,
  max: 7,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

const longestMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads the five fields of a cron expression: lists, ranges, steps and names.
 *
 * @throws AppError `invalid`: not five fields, a value out of bounds, a day of the month together with a day of the
 *   week (crons disagree whether that means "and" or "or"), a date that no year has.
 */
export function parseCronFields(expression: string): CronFields {
  const parts = expression.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  if (parts.length === 6) {
    throw refused(expression, 'has six fields; write five, without seconds: minute, hour, day, month, weekday');
  }
  if (parts.length !== 5) {
    throw refused(expression, 'needs five fields: minute, hour, day, month, weekday, like "0 7 * * FRI"');
  }
  if (day !== '*' && weekday !== '*') {
    throw refused(expression, 'names a day of the month and a day of the week; use one of them and * for the other');
  }
  const read = (text: string, field: Field): number[] => parseField(expression, text, field);
  const minutes = read(minute, minuteField);
  const daysOfMonth = read(day, dayField);
  const months = read(month, monthField);
  const earliest = daysOfMonth[0] ?? 1;
  if (!months.some((number) => earliest <= (longestMonth[number - 1] ?? 0))) {
    throw refused(expression, 'names a date that no year has');
  }
  return {
    minutesOfDay: read(hour, hourField).flatMap((number) => minutes.map((minuteOf) => number * 60 + minuteOf)),
    daysOfMonth,
    months,
    weekdays: ascending(read(weekday, weekdayField).map((number) => number % 7)),
  };
}

function parseField(expression: string, text: string, field: Field): number[] {
  return ascending(text.split(',').flatMap((part) => parsePart(expression, part, field)));
}

/** One of `*`, `5`, `1-5`, each of the ranges with an optional `/step`. */
function parsePart(expression: string, part: string, field: Field): number[] {
  const [range = '', stepText, ...rest] = part.split('/');
  const step = stepText === undefined ? 1 : numberOf(stepText);
  if (rest.length > 0 || step === null || step < 1) throw nonsense(expression, part, field);
  const [from, to] = boundsOf(range, field);
  if (from === null || to === null) throw nonsense(expression, part, field);
  if (stepText !== undefined && !/[*-]/.test(range)) {
    throw refused(expression, `has the step "${part}" without a range; write "${range}-${field.max}/${stepText}"`);
  }
  if (from > to) throw refused(expression, `has the range "${range}", whose end comes before its start`);
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

function boundsOf(range: string, field: Field): [number | null, number | null] {
  if (range === '*') return [field.min, field === weekdayField ? 6 : field.max];
  const [first = '', last, ...rest] = range.split('-');
  if (rest.length > 0) return [null, null];
  const from = fieldValue(first, field);
  if (last === undefined) return [from, from];
  const to = fieldValue(last, field);
  // SAT-SUN: the Sunday that ends a range is the seventh day.
  return [from, field === weekdayField && to === 0 && from !== null && from > 0 ? 7 : to];
}

function fieldValue(text: string, field: Field): number | null {
  const named = field.names.indexOf(text.toLowerCase());
  if (named >= 0) return field.min + named;
  const number = numberOf(text);
  return number !== null && number >= field.min && number <= field.max ? number : null;
}

function numberOf(text: string): number | null {
  return /^\d{1,2}$/.test(text) ? Number(text) : null;
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function nonsense(expression: string, part: string, field: Field): AppError {
  const names =
    field.names.length > 0 ? ` or ${field.names[0]?.toUpperCase()}–${field.names.at(-1)?.toUpperCase()}` : '';
  return refused(expression, `has "${part}" for the ${field.title}, which takes ${field.min}–${field.max}${names}`);
}

function refused(expression: string, why: string): AppError {
  return new AppError('invalid', `The schedule "${expression}" ${why}.`);
}
