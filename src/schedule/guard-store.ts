import type { Instant } from '../clock.ts';
import type { Edition } from '../digest/index.ts';
import type { Beat, BeatenBy } from './beat.ts';
import type { Suspicion, SuspicionReason } from './suspicion.ts';

export interface GuardStore {
  findBeat(): Promise<Beat | null>;
  /** Counts one beat more, at least to `least`; the first one gives the ledger its name. */
  beat(by: BeatenBy, now: Instant, least?: number): Promise<Beat>;
  /**
   * In one transaction: holds the editions, of those that are open and no draft still, and marks the newsletters; forgets that
   * the database was restored. Returns the editions held.
   */
  suspect(suspicion: Suspicion, now: Instant): Promise<Edition[]>;
  /** Why the newsletter's next edition waits for a person, or null. */
  findMark(newsletter: string): Promise<SuspicionReason | null>;
  clearMark(newsletter: string): Promise<void>;
}
