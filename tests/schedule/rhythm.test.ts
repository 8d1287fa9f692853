import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import { nextDue, previousDue } from '../../src/schedule/cadence.ts';
import { type Series, seriesName, seriesOf } from '../../src/schedule/rhythm.ts';
import type { Rhythm } from '../../src/subscribers/index.ts';
import { weekly } from '../support/story-fixtures.ts';

const newsletterAt = (schedule: string, timezone = 'Asia/Tbilisi') => ({ ...weekly, name: 'news', schedule, timezone });

function getSeries(schedule: string, rhythm: Rhythm, timezone?: string): Series {
  const found = seriesOf(newsletterAt(schedule, timezone)).find((series) => series.rhythm === rhythm);
  if (!found) throw new Error(`no ${rhythm} editions`);
  return found;
}

describe('seriesOf', () => {
  it.each([
    ['0 7 * * *', { each: ['each', 'daily'], weekly: ['weekly'], monthly: ['monthly'] }],
    ['0 7 * * MON-FRI', { each: ['each', 'daily'], weekly: ['weekly'], monthly: ['monthly'] }],
    ['0 7,19 * * *', { each: ['each'], daily: ['daily'], weekly: ['weekly'], monthly: ['monthly'] }],
    ['0 7 * * FRI', { each: ['each', 'daily', 'weekly'], monthly: ['monthly'] }],
    ['0 7 1,15 * *', { each: ['each', 'daily', 'weekly'], monthly: ['monthly'] }],
    ['0 7,19 * * MON', { each: ['each'], daily: ['daily'], weekly: ['weekly'], monthly: ['monthly'] }],
    ['0 7 1 * *', { each: ['each', 'daily', 'weekly', 'monthly'] }],
  ])('gives readers of %s whose rhythm is not coarser each edition', (schedule, expected) => {
    const series = seriesOf(newsletterAt(schedule));
    expect(Object.fromEntries(series.map(({ rhythm, rhythms }) => [rhythm, rhythms]))).toEqual(expected);
  });

  it('names them', () => {
    expect(seriesOf(newsletterAt('0 7 * * *')).map(seriesName)).toEqual(['news', 'news (weekly)', 'news (monthly)']);
  });
});

describe('a rhythm’s cadence', () => {
  it('is due at the newsletter’s first time in each period, in its time zone', () => {
    const week = getSeries('0 7 * * TUE-SAT', 'weekly').cadence;
    expect(nextDue(week, '2026-11-27T12:00:00.000Z')).toBe('2026-12-01T03:00:00.000Z');
    expect(previousDue(week, '2026-11-27T12:00:00.000Z')).toBe('2026-11-24T03:00:00.000Z');
    const month = getSeries('0 7 * * TUE-SAT', 'monthly').cadence;
    expect(nextDue(month, '2026-10-31T20:30:00.000Z')).toBe('2026-11-03T03:00:00.000Z');
    // 1 December begins in Tbilisi at 20:00 of 30 November.
    expect(nextDue(getSeries('30 0 * * *', 'monthly').cadence, '2026-11-02T00:00:00.000Z')).toBe(
      '2026-11-30T20:30:00.000Z',
    );
    expect(previousDue(getSeries('0 7,19 * * *', 'daily').cadence, '2026-11-27T16:00:00.000Z')).toBe(
      '2026-11-27T03:00:00.000Z',
    );
  });

  it('takes exactly one of the newsletter’s times a period, whatever the clocks do', () => {
    const schedules = fc.constantFrom('0 7 * * *', '30 2,3 * * *', '15 */5 * * MON,THU', '0 0 2,3,30 * *');
    const zones = fc.constantFrom('Asia/Tbilisi', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
    const rhythms = fc.constantFrom('weekly', 'monthly');
    const days = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(schedules, zones, rhythms, days, (schedule, zone, rhythm, day) => {
        const at = plusMs('2018-01-01T00:00:00.000Z', day * 86_400_000);
        const own = getSeries(schedule, 'each', zone).cadence;
        const { cadence } = getSeries(schedule, rhythm, zone);
        const due = nextDue(cadence, at);
        expect(due > at).toBe(true);
        expect(previousDue(cadence, due)).toBe(due);
        expect(previousDue(own, due)).toBe(due);
        const keyOf = (instant: string): string => {
          const local = new Date(instant).toLocaleDateString('sv', { timeZone: zone });
          if (rhythm === 'monthly') return local.slice(0, 7);
          const date = new Date(`${local}T00:00:00Z`);
          date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
          return date.toISOString().slice(0, 10);
        };
        expect(keyOf(previousDue(own, plusMs(due, -1))) < keyOf(due)).toBe(true);
        const before = previousDue(cadence, plusMs(due, -1));
        expect(keyOf(before) < keyOf(due)).toBe(true);
        expect(before <= at).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
