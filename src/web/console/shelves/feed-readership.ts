import { type Instant, plusMs, toMs } from '../../../clock.ts';
import type { FeedDay, FeedPollStore, SeenReport } from '../../../feeds/index.ts';
import { dateFormat } from '../../../i18n/index.ts';
import { allDocumentPaths, documentPaths, type NamedFeed } from './feed-list.ts';

export interface PolledDay {
  /** `2026-11-27`, in the publication's zone. */
  readonly day: string;
  readonly polls: number;
  /** Of them those that were told that nothing is new. */
  readonly unchanged: number;
}

/** Who reads a feed, as far as its server can tell. */
export interface FeedReadership {
  /** As aggregators reported them within a week, summed. */
  readonly subscribers: number;
  /** The one with the most first. */
  readonly reports: readonly SeenReport[];
  /** The oldest first, without a gap; the last one is today. */
  readonly days: readonly PolledDay[];
  /** A day, on average of the full days since the first poll; today's so far where there is no full one. */
  readonly pollsPerDay: number;
  /** From 0 to 1; null where nobody polled. */
  readonly shareUnchanged: number | null;
}

const dayMs = 24 * 3_600_000;

/**
 * Of each feed, by its folder.
 *
 * @param timezone the publication's.
 * @param days how many, with today.
 */
export async function readReadership(
  polls: Pick<FeedPollStore, 'listDays' | 'listReports'>,
  feeds: readonly NamedFeed[],
  { timezone, days, now }: { readonly timezone: string; readonly days: number; readonly now: Instant },
): Promise<ReadonlyMap<string, FeedReadership>> {
  const names = listDays(timezone, days, now);
  const paths = allDocumentPaths(feeds);
  const counted = Map.groupBy(await polls.listDays(paths, names[0] ?? ''), ({ path }) => path);
  const reported = Map.groupBy(await polls.listReports(paths, plusMs(now, -7 * dayMs)), ({ path }) => path);
  return new Map(
    feeds.map((feed) => {
      const own = Object.values(documentPaths(feed));
      const reports = own.flatMap((path) => reported.get(path) ?? []);
      return [
        feed.folder,
        readershipOf(
          names,
          own.flatMap((path) => counted.get(path) ?? []),
          reports,
        ),
      ];
    }),
  );
}

/** Names of the last days, the oldest first. */
function listDays(timeZone: string, count: number, now: Instant): string[] {
  const format = dateFormat('en-CA', { timeZone });
  const today = Date.parse(`${format.format(toMs(now))}T00:00:00.000Z`);
  return Array.from({ length: count }, (_, index) =>
    new Date(today - (count - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
}

function readershipOf(
  names: readonly string[],
  counted: readonly FeedDay[],
  reports: readonly SeenReport[],
): FeedReadership {
  const byDay = Map.groupBy(counted, ({ day }) => day);
  const days = names.map((day) => {
    const some = byDay.get(day) ?? [];
    return { day, polls: sum(some.map(({ polls }) => polls)), unchanged: sum(some.map(({ unchanged }) => unchanged)) };
  });
  const first = days.findIndex(({ polls }) => polls > 0);
  const full = first === -1 ? [] : days.slice(first, -1);
  const all = sum(days.map(({ polls }) => polls));
  return {
    subscribers: sum(reports.map(({ subscribers }) => subscribers)),
    reports: reports.toSorted((a, b) => b.subscribers - a.subscribers),
    days,
    pollsPerDay: full.length === 0 ? (days.at(-1)?.polls ?? 0) : sum(full.map(({ polls }) => polls)) / full.length,
    shareUnchanged: all === 0 ? null : sum(days.map(({ unchanged }) => unchanged)) / all,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
