import type { Instant } from '../../clock.ts';
import type { AggregatorReport } from './aggregator-report.ts';

/** How often one document was asked for. */
export interface FeedTally {
  /** URL path of the document. */
  readonly path: string;
  readonly polls: number;
  /** Those of them that were answered by 304. */
  readonly unchanged: number;
  /** The newest of each aggregator. */
  readonly reports: readonly AggregatorReport[];
}

/** One document on one day. */
export interface FeedDay {
  readonly path: string;
  /** `2026-11-27`, in the publication's zone. */
  readonly day: string;
  readonly polls: number;
  readonly unchanged: number;
}

/** The last that an aggregator said of a document. */
export interface SeenReport extends AggregatorReport {
  readonly path: string;
  readonly seenAt: Instant;
}

/** Who reads the feeds, as far as a server can tell without knowing anybody. */
export interface FeedPollStore {
  /**
   * Adds to a day's sums, and replaces what aggregators said, all or nothing. Of a document a bounded number of
   * aggregators is kept: a new one takes the place of one that wasn't seen for a week, or none.
   */
  addTallies(day: string, tallies: readonly FeedTally[], now: Instant): Promise<void>;
  /** Of these documents, by path and day, from a day on. */
  listDays(paths: readonly string[], since: string): Promise<FeedDay[]>;
  /** Of these documents, those that were seen from an instant on; the one with the most subscribers first. */
  listReports(paths: readonly string[], since: Instant): Promise<SeenReport[]>;
}
