import type { Instant } from '../clock.ts';
import type { Consent } from './consent.ts';
import type { OwnBounce, OwnData, OwnLetter } from './own-data.ts';
import type { SubscriberWithSubscriptions } from './subscriber-store.ts';
import type { Suppression } from './suppression.ts';

/** What readers are told apart by in lists: the state of each, or that the address gets no mail whatever the state is. */
export const standings = ['active', 'pending', 'suspended', 'suppressed'] as const;

export type Standing = (typeof standings)[number];

/** Whom somebody looks for. */
export interface ReaderSearch {
  /** As typed: the beginning of an address or a name; empty: everybody. */
  readonly text: string;
  readonly by: 'address' | 'name';
  /** Null: all. */
  readonly standing: Standing | null;
  /** Only who hasn’t left it; null: all. */
  readonly newsletter: string | null;
  /** The first of their languages; null: all. */
  readonly lang: string | null;
}

/** Where a page of readers begins: behind this key, and behind this number where several have it. */
export interface ReaderPlace {
  readonly key: string;
  readonly id: number;
}

export interface FoundReader extends SubscriberWithSubscriptions {
  /** Why the address gets no mail; null: it may. */
  readonly suppressedFor: string | null;
}

export interface ReaderPage {
  /** By address, or by name. */
  readonly readers: readonly FoundReader[];
  /** Where to go on; null: that was all. */
  readonly next: ReaderPlace | null;
  /** Whether `next` is only as far as was looked: there may be more, or none. */
  readonly isCutShort: boolean;
}

/** Everything about one reader but the deliveries; of one who was erased what is left. */
export interface ReaderRecord extends SubscriberWithSubscriptions {
  readonly suppression: Pick<Suppression, 'reason' | 'since'> | null;
  readonly addressChange: OwnData['addressChange'];
  /** Oldest first, as letters and bounces are. */
  readonly consents: readonly Consent[];
  readonly letters: readonly OwnLetter[];
  readonly bounces: readonly OwnBounce[];
}

/** A delivery to one reader. */
export interface ReaderDelivery {
  readonly id: number;
  readonly editionId: string;
  readonly newsletter: string;
  readonly lang: string;
  readonly state: string;
  readonly reason: string | null;
  readonly outcome: string | null;
  readonly attempts: number;
  readonly reply: string | null;
  /** When the relay was last asked to take it, or when its state last changed. */
  readonly at: Instant;
}

export interface ReaderDeliveries {
  /** Newest first. */
  readonly deliveries: readonly ReaderDelivery[];
  /** The one that the page begins behind; null on the first page. */
  readonly before: ReaderDelivery | null;
  /** Whether there are older ones. */
  readonly hasMore: boolean;
}

/** Where operators look readers up; each answer takes some milliseconds, however many readers there are. */
export interface ReaderDirectory {
  /** @param after Default: from the beginning. */
  search(search: ReaderSearch, after: ReaderPlace | null): Promise<ReaderPage>;
  /** Null where there never was anybody by this number. */
  findRecord(subscriberId: number): Promise<ReaderRecord | null>;
  /** @param before Number of the delivery that the page before this one ended with; null: the newest. */
  listDeliveries(subscriberId: number, before: number | null): Promise<ReaderDeliveries>;
  /** Newest first, by key; `next` is the last one’s key where there are more. */
  listSuppressions(after: SuppressionPlace | null): Promise<SuppressionPage>;
  /** Why an address gets no mail; null: it may. */
  findSuppression(email: string): Promise<FoundSuppression | null>;
}

export interface SuppressionPlace {
  readonly since: Instant;
  readonly addressKey: string;
}

export interface FoundSuppression extends Suppression {
  /** The reader who has the address; null: nobody. */
  readonly subscriberId: number | null;
}

export interface SuppressionPage {
  readonly suppressions: readonly FoundSuppression[];
  readonly next: SuppressionPlace | null;
}
