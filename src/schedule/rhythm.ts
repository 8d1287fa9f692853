import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../clock.ts';
import type { Newsletter } from '../digest/index.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { type Cadence, nextDue, parseCadence, startOf } from './cadence.ts';

/** A newsletter's editions for readers of one rhythm: at most one of them is open. */
export interface Series {
  readonly newsletter: Newsletter;
  readonly rhythm: Rhythm;
  readonly cadence: Cadence;
  /** Of readers whose rhythm is one of these. */
  readonly rhythms: readonly Rhythm[];
}

const periods = ['daily', 'weekly', 'monthly'] as const;

// A leap year that begins on a Monday.
const yearFrom: Instant = '2024-01-01T00:00:00.000Z';
const yearTo: Instant = '2025-02-01T00:00:00.000Z';

/**
 * The newsletter's own editions first, then those of each day, week and month, as far as it goes out more often than that:
 * who asks for a rhythm that isn't coarser than the newsletter's own gets each of its editions.
 */
export function seriesOf(newsletter: Newsletter): readonly Series[] {
  const own = parseCadence(newsletter.schedule, newsletter.timezone);
  const coarser = periods.filter((period) => comesTwiceIn(own, period));
  const each: readonly Rhythm[] = ['each', ...periods.filter((period) => !coarser.includes(period))];
  return [
    { newsletter, rhythm: 'each', cadence: own, rhythms: each },
    ...coarser.map((period) => ({ newsletter, rhythm: period, cadence: { ...own, period }, rhythms: [period] })),
  ];
}

/** What people and records call a series: `daily`, `daily (weekly)`. */
export function seriesName({ newsletter, rhythm }: Pick<Series, 'newsletter' | 'rhythm'>): string {
  return rhythm === 'each' ? newsletter.name : `${newsletter.name} (${rhythm})`;
}

/** Whether some day, week or month of a year has two of its times. */
function comesTwiceIn(cadence: Cadence, period: NonNullable<Cadence['period']>): boolean {
  const starts = (due: Instant): number =>
    startOf(period, Temporal.Instant.from(due).toZonedDateTimeISO(cadence.timezone)).epochMilliseconds;
  for (let due = nextDue(cadence, yearFrom); due < yearTo; ) {
    const following = nextDue(cadence, due);
    if (starts(following) === starts(due)) return true;
    due = following;
  }
  return false;
}
