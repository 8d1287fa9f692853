import { type Clock, type Instant, toMs } from '../../clock.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { isArchivePath } from '../archive/archive-path.ts';
import { type AggregatorReport, parseAggregatorReport } from './aggregator-report.ts';
import type { FeedPollStore, FeedTally } from './feed-poll-store.ts';

/** Counts who asks for feed documents. Nothing of it tells of a person: no addresses, and programs only by their reports. */
export interface FeedPolls {
  /**
   * Counts one answer, at once and in memory; it is saved with others within a minute.
   *
   * @param path URL path of a document that there is.
   * @param userAgent comes from the network: anything may be in it.
   */
  count(path: string, isUnchanged: boolean, userAgent: string | undefined): void;
  /** Saves what was counted. Never rejects: what can't be saved is kept for the next time. */
  flush(): Promise<void>;
  /** Saves what was counted, and nothing any more afterwards. */
  close(): Promise<void>;
}

export interface FeedPollsOptions {
  readonly store: Pick<FeedPollStore, 'addTallies'>;
  /** IANA name of the zone that days are those of. */
  readonly timezone: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface Tally {
  polls: number;
  unchanged: number;
  /** By name and id; null while nobody reported. */
  reports: Map<string, AggregatorReport> | null;
}

const flushEveryMs = 60_000;
/** Aggregators in one document's tally of a minute. */
const maxReports = 50;
/** User agents whose reading is remembered: programs send few different ones. */
const keptAgents = 1000;

export function createFeedPolls({ store, timezone, clock, log }: FeedPollsOptions): FeedPolls {
  const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: timezone });
  const agents = new Map<string, AggregatorReport | null>();
  let tallies = new Map<string, Tally>();
  let since: Instant | null = null;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();

  function reportOf(userAgent: string): AggregatorReport | null {
    const before = agents.get(userAgent);
    if (before !== undefined) return before;
    const report = parseAggregatorReport(userAgent);
    if (agents.size >= keptAgents) agents.clear();
    agents.set(userAgent, report);
    return report;
  }

  function beginTally(path: string): Tally {
    if (since === null) {
      since = clock.now();
      timer = setTimeout(() => void flush(), flushEveryMs).unref();
    }
    const tally: Tally = { polls: 0, unchanged: 0, reports: null };
    tallies.set(path, tally);
    return tally;
  }

  function note(tally: Tally, report: AggregatorReport): void {
    const key = `${report.name}\n${report.feedId}`;
    tally.reports ??= new Map();
    if (tally.reports.size < maxReports || tally.reports.has(key)) tally.reports.set(key, report);
  }

  /** What was counted while it could not be saved is added to what came since. */
  function putBack(lost: ReadonlyMap<string, Tally>): void {
    for (const [path, { polls, unchanged, reports }] of lost) {
      const tally = tallies.get(path) ?? beginTally(path);
      tally.polls += polls;
      tally.unchanged += unchanged;
      const newer = [...(tally.reports?.values() ?? [])];
      for (const report of [...(reports?.values() ?? []), ...newer]) note(tally, report);
    }
  }

  async function save(): Promise<void> {
    if (since === null) return;
    const [counted, day] = [tallies, dayFormat.format(toMs(since))];
    tallies = new Map();
    since = null;
    clearTimeout(timer);
    try {
      const listed = [...counted].filter(([path]) => !isArchivePath(path)).map(tallyOf);
      if (listed.length > 0) await store.addTallies(day, listed, clock.now());
    } catch (error) {
      putBack(counted);
      log.error('problem', { message: `How often feeds were asked for could not be saved: ${sentenceOf(error)}` });
    }
  }

  function flush(): Promise<void> {
    flushing = flushing.then(save);
    return flushing;
  }

  return {
    count(path, isUnchanged, userAgent) {
      const tally = tallies.get(path) ?? beginTally(path);
      tally.polls += 1;
      if (isUnchanged) tally.unchanged += 1;
      if (userAgent === undefined) return;
      const report = reportOf(userAgent);
      if (report !== null) note(tally, report);
    },
    flush,
    async close() {
      await flush();
      clearTimeout(timer);
    },
  };
}

function tallyOf([path, { polls, unchanged, reports }]: readonly [string, Tally]): FeedTally {
  return { path, polls, unchanged, reports: [...(reports?.values() ?? [])] };
}
