import type { Instant } from '../../clock.ts';
import type { EditionAudience } from '../../digest/index.ts';
import type { Rhythm } from '../../subscribers/index.ts';
import type { StandingExclusion } from '../delivery.ts';
import type { ReaderChoice } from '../delivery-ledger.ts';
import type { PastStory } from './past-story.ts';

/** Readers with the same choice who have had the same, and are left out for the same reason, if they are. */
export interface ReaderGroup {
  readonly choice: ReaderChoice;
  /** What they have had of the edition's stories, as they had each last. */
  readonly had: readonly PastStory[];
  /** Why they get nothing, whatever is in the edition; null: they get what is for them. */
  readonly excluded: StandingExclusion | null;
  readonly readers: number;
}

/** Whom an edition is for. */
export interface AudienceRequest {
  readonly newsletter: string;
  /** Of its readers those with one of these. */
  readonly rhythms: readonly Rhythm[];
  /** Of those these: others are no candidates. */
  readonly audience: EditionAudience;
  /** Reserved domains (example.com, .test, …) are excluded where true: the relay isn't on loopback. */
  readonly excludeReserved: boolean;
  /** What they may have had before, in the order of the editions. */
  readonly past: readonly PastStory[];
  readonly now: Instant;
  /** Told after each page of readers how many there are so far. */
  readonly onProgress?: (readers: number) => void;
}

/** Counts readers before an edition is frozen. */
export interface AudienceStore {
  /** The readers whom a freeze would account for, by what decides what they get; in pages, so that nothing waits for it. */
  listAudience(request: AudienceRequest): Promise<ReaderGroup[]>;
}
