import { describe, expect, it } from 'vitest';
import { parseCadence } from '../../src/schedule/cadence.ts';
import { rhythmsFor } from '../../src/schedule/rhythms-for.ts';

describe('rhythmsFor', () => {
  it.each([
    ['0 7 * * FRI', ['each', 'monthly']],
    ['0 18 * * *', ['each', 'weekly', 'monthly']],
    ['0 18 * * MON-FRI', ['each', 'weekly', 'monthly']],
    ['0 8,18 * * *', ['each', 'daily', 'weekly', 'monthly']],
    ['0 7 1,15 * *', ['each', 'monthly']],
    ['0 7 1 * *', ['each']],
    ['0 7 29 2 *', ['each']],
  ])('offers what comes less often than each edition: %s', (schedule, rhythms) => {
    for (const now of ['2026-11-27T08:00:00.000Z', '2027-01-31T23:00:00.000Z']) {
      expect(rhythmsFor(parseCadence(schedule, 'Asia/Tbilisi'), now)).toEqual(rhythms);
    }
  });
});
