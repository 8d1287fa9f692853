import type { Instant } from '../clock.ts';
import type { Rhythm } from './subscription.ts';

/** Subscriptions to a newsletter by readers of one language and rhythm. */
export interface ReaderCount {
  readonly newsletter: string;
  /** The readers' own words: the first of their languages. */
  readonly lang: string;
  readonly rhythm: Rhythm;
  /** Who gets its editions: confirmed, in no pause, at an address that gets mail. */
  readonly reading: number;
  /** In a pause that isn't over, else as those. */
  readonly paused: number;
  /** On the list, in a pause or not, though mail to them bounces too often for any to be sent. */
  readonly suspended: number;
  /** On the list likewise, at an address that is suppressed. */
  readonly suppressed: number;
  /** Left it. */
  readonly left: number;
}

/** A newsletter's readers on one day in UTC. */
export interface ReaderDay {
  /** `2026-11-27` */
  readonly day: string;
  /** Who came onto its list, or came back to it. */
  readonly joined: number;
  /** Who left it, or was erased. */
  readonly left: number;
  /** Who would have got an edition at the day's end. */
  readonly reading: number;
}

/** People by the state of their address, each once whatever they read. */
export type SubscriberCounts = Readonly<Record<'pending' | 'active' | 'suspended' | 'erased', number>>;

/** Figures of readers, kept in the transactions that change them: asking costs the same however many there are. */
export interface ReaderCounts {
  /** In order of newsletter, language and rhythm; only what there is. */
  listCounts(now: Instant): Promise<ReaderCount[]>;
  countSubscribers(): Promise<SubscriberCounts>;
  /** Every day from one to another, both included; earlier ones than any that is known have noughts. */
  listDays(newsletter: string, from: string, to: string): Promise<ReaderDay[]>;
}
