import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { nextDue, parseCadence, previousDue } from '../../src/schedule/cadence.ts';

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Tbilisi'];
// Years whose changes are known: Morocco's for later ones have been revised more than once.
const from = '2016-10-01T00:00:00.000Z';
const to = '2026-10-01T00:00:00.000Z';
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What the local clock shows at an instant, minute by minute; `local` is that reading as if it were UTC. */
interface Reading {
  readonly ms: number;
  readonly local: number;
}

/** Three days and their margins on the world's clock, and what the local clock shows meanwhile. */
function readClock(day: Temporal.PlainDate, zone: string): Reading[] {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const readings: Reading[] = [];
  for (let ms = noon - 3 * dayMs; ms <= noon + 3 * dayMs; ms += minuteMs) {
    readings.push({ ms, local: ms + offsetMs(ms, zone) });
  }
  return readings;
}

function offsetMs(ms: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

/** The due times of one local day, found without any conversion from local time to an instant. */
function oracleDay(
  readings: readonly Reading[],
  day: Temporal.PlainDate,
  wanted: (hour: number, minute: number) => boolean,
): string[] {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const due = new Set<number>();
  for (let minuteOfDay = 0; minuteOfDay < 24 * 60; minuteOfDay++) {
    if (!wanted(Math.floor(minuteOfDay / 60), minuteOfDay % 60)) continue;
    const local = midnight + minuteOfDay * minuteMs;
    const first = readings.find((reading) => reading.local >= local);
    if (first) due.add(first.ms);
  }
  return [...due].sort((a, b) => a - b).map((ms) => new Date(ms).toISOString());
}

/** The local days on which a zone changes its clocks. */
function daysOfChange(zone: string): Temporal.PlainDate[] {
  const days: Temporal.PlainDate[] = [];
  for (let ms = Date.parse(from); ms < Date.parse(to); ms += dayMs) {
    if (offsetMs(ms, zone) === offsetMs(ms + dayMs, zone)) continue;
    const change = Temporal.Instant.fromEpochMilliseconds(ms + dayMs).toZonedDateTimeISO(zone);
    days.push(change.toPlainDate());
  }
  return days;
}

const plus = (instant: string | undefined, ms: number): string =>
  new Date(Date.parse(instant ?? '') + ms).toISOString();

const between = (start: string, end: string, cadence: ReturnType<typeof parseCadence>): string[] => {
  const found: string[] = [];
  for (let due = nextDue(cadence, start); due <= end; due = nextDue(cadence, due)) found.push(due);
  return found;
};

describe('due times over ten years of clock changes', () => {
  const expressions: [string, (hour: number, minute: number) => boolean][] = [
    ['30 2 * * *', (hour, minute) => hour === 2 && minute === 30],
    ['15,45 1 * * *', (hour, minute) => hour === 1 && minute % 30 === 15],
    ['*/20 0-4 * * *', (hour, minute) => hour <= 4 && minute % 20 === 0],
    ['0 7 * * *', (hour, minute) => hour === 7 && minute === 0],
  ];

  for (const zone of zones) {
    it(`agree with a walk along the clock in ${zone}`, () => {
      const changes = daysOfChange(zone);
      expect(changes.length >= 18).toBe(zone !== 'Asia/Tbilisi');
      if (zone === 'Asia/Tbilisi') {
        expect(changes).toEqual([]);
        changes.push(Temporal.PlainDate.from('2026-03-29'), Temporal.PlainDate.from('2026-10-25'));
      }
      for (const change of changes) {
        const readings = readClock(change, zone);
        for (const shift of [-1, 0, 1]) {
          const day = change.add({ days: shift });
          for (const [expression, wanted] of expressions) {
            const cadence = parseCadence(expression, zone);
            const expected = oracleDay(readings, day, wanted);
            expect(between(plus(expected[0], -1), expected.at(-1) ?? '', cadence), `${expression} on ${day}`).toEqual(
              expected,
            );
            for (const [index, due] of expected.entries()) {
              expect(previousDue(cadence, due)).toBe(due);
              expect(previousDue(cadence, plus(due, 1))).toBe(due);
              if (index > 0) expect(previousDue(cadence, plus(due, -1))).toBe(expected[index - 1]);
              expect(nextDue(cadence, plus(due, -1))).toBe(due);
            }
          }
        }
      }
    });

    it(`are one a day in ${zone}, and the same seen from either side`, () => {
      const cadence = parseCadence('30 2 * * *', zone);
      const due = between(from, to, cadence);
      const days = due.map((instant) =>
        Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString(),
      );
      expect(new Set(days).size).toBe(due.length);
      expect(Math.abs(due.length - 3652)).toBeLessThanOrEqual(1);
      for (let index = 1; index < due.length; index += 7) {
        expect(previousDue(cadence, plus(due[index], -1))).toBe(due[index - 1]);
      }
    });
  }
});

describe('nextDue', () => {
  it('gives the first instant after a gap, even for a single Sunday in March', () => {
    const cadence = parseCadence('30 2 * 3 0', 'Europe/Berlin');
    expect(nextDue(cadence, '2027-03-27T00:00:00.000Z')).toBe('2027-03-28T01:00:00.000Z');
    expect(previousDue(cadence, '2027-04-15T00:00:00.000Z')).toBe('2027-03-28T01:00:00.000Z');
  });

  it('gives one time for several that fall into a gap, and none twice', () => {
    const cadence = parseCadence('*/10 2 * * *', 'Europe/Berlin');
    expect(between('2027-03-28T00:00:00.000Z', '2027-03-28T12:00:00.000Z', cadence)).toEqual([
      '2027-03-28T01:00:00.000Z',
    ]);
  });

  it('passes over the second occurrence of a doubled hour', () => {
    const cadence = parseCadence('*/30 2 * * *', 'Europe/Berlin');
    expect(between('2027-10-31T00:00:00.000Z', '2027-10-31T12:00:00.000Z', cadence)).toEqual([
      '2027-10-31T00:30:00.000Z',
    ]);
    expect(nextDue(cadence, '2027-10-30T23:00:00.000Z')).toBe('2027-10-31T00:00:00.000Z');
  });

  it('passes over half an hour that Lord Howe has twice', () => {
    const cadence = parseCadence('45 1 * * *', 'Australia/Lord_Howe');
    expect(between('2027-04-03T00:00:00.000Z', '2027-04-04T20:00:00.000Z', cadence)).toEqual([
      '2027-04-03T14:45:00.000Z',
      '2027-04-04T15:15:00.000Z',
    ]);
  });

  it('lands after a day that Samoa left out', () => {
    const cadence = parseCadence('0 12 30 12 *', 'Pacific/Apia');
    expect(nextDue(cadence, '2011-12-01T00:00:00.000Z')).toBe('2011-12-30T10:00:00.000Z');
  });

  it('finds a leap day eight years away', () => {
    const cadence = parseCadence('0 0 29 FEB *', 'Asia/Tbilisi');
    expect(nextDue(cadence, '2096-03-01T00:00:00.000Z')).toBe('2104-02-28T20:00:00.000Z');
    expect(previousDue(cadence, '2104-02-01T00:00:00.000Z')).toBe('2096-02-28T20:00:00.000Z');
  });

  it('reads ranges, lists, steps and names', () => {
    const week = (expression: string): string[] =>
      between('2026-11-22T00:00:00.000Z', '2026-11-29T00:00:00.000Z', parseCadence(expression, 'UTC')).map((due) =>
        due.slice(8, 16),
      );
    expect(week('0 7 * * FRI')).toEqual(['27T07:00']);
    expect(week('0 7 * * mon-wed')).toEqual(['23T07:00', '24T07:00', '25T07:00']);
    expect(week('0 7 * NOV SAT-SUN')).toEqual(['22T07:00', '28T07:00']);
    expect(week('0 7 * * 7')).toEqual(['22T07:00']);
    expect(week('0 8-20/6 24,26 * *')).toEqual([
      '24T08:00',
      '24T14:00',
      '24T20:00',
      '26T08:00',
      '26T14:00',
      '26T20:00',
    ]);
    expect(week('0 7 */9 * *')).toEqual(['28T07:00']);
  });
});

describe('previousDue and nextDue', () => {
  it('enclose every instant, and agree with each other', () => {
    const minute = fc.constantFrom('*', '0', '30', '*/7', '5-50/15');
    const hour = fc.constantFrom('*', '2', '1-3', '*/5', '0,23');
    const day = fc.constantFrom('* * *', '* 3,10 *', '* * SUN', '31 * *', '1-7 APR *', '29 2 *');
    const ms = fc.integer({ min: Date.parse(from), max: Date.parse(to) });
    fc.assert(
      fc.property(minute, hour, day, fc.constantFrom(...zones), ms, (minutes, hours, days, zone, moment) => {
        const cadence = parseCadence(`${minutes} ${hours} ${days}`, zone);
        const at = new Date(moment).toISOString();
        const previous = previousDue(cadence, at);
        const next = nextDue(cadence, at);
        expect(previous <= at && at < next).toBe(true);
        expect(nextDue(cadence, previous)).toBe(next);
        expect(previousDue(cadence, next)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseCadence', () => {
  it.each([
    ['0 0 7 * * FRI', 'six fields'],
    ['0 7 * *', 'needs five fields'],
    ['@daily', 'needs five fields'],
    ['', 'needs five fields'],
    ['0 7 1 * FRI', 'a day of the month and a day of the week'],
    ['0 7 */2 * 1-5', 'a day of the month and a day of the week'],
    ['60 7 * * *', 'has "60" for the minute, which takes 0–59'],
    ['0 24 * * *', 'has "24" for the hour'],
    ['0 7 0 * *', 'has "0" for the day of the month'],
    ['0 7 * 13 *', 'for the month, which takes 1–12 or JAN–DEC'],
    ['0 7 * * 8', 'for the day of the week'],
    ['0 7 * * FRIDAY', 'has "FRIDAY"'],
    ['0 7 * * 5#2', 'has "5#2"'],
    ['0 7 L * *', 'has "L"'],
    ['0 7 ? * FRI', 'a day of the month and a day of the week'],
    ['*/0 7 * * *', 'has "*/0"'],
    ['5/15 7 * * *', 'write "5-59/15"'],
    ['0 20-4 * * *', 'whose end comes before its start'],
    ['0,,5 7 * * *', 'has ""'],
    ['-5 7 * * *', 'has "-5"'],
    ['1-2-3 7 * * *', 'has "1-2-3"'],
    ['1e1 7 * * *', 'has "1e1"'],
    ['0 7 30 2 *', 'a date that no year has'],
    ['0 7 31 4,6,9,11 *', 'a date that no year has'],
  ])('refuses %j', (expression, sentence) => {
    const attempt = (): unknown => parseCadence(expression, 'Asia/Tbilisi');
    expect(attempt).toThrow(AppError);
    expect(messageOf(attempt)).toContain(sentence);
  });

  it('refuses a time zone that nobody knows', () => {
    expect(() => parseCadence('0 7 * * *', 'Asia/Tiflis_Old')).toThrow("The time zone Asia/Tiflis_Old isn't known");
  });

  it('throws nothing but an AppError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9*,/A-Z -]{0,30}$/)), (expression) => {
        try {
          expect(parseCadence(expression, 'UTC').fields.minutesOfDay.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}
