import type { DomainThrottle } from './domain-throttle.ts';

/** A reservation on a bucket; times in milliseconds. */
export interface Reservation {
  readonly relay: string;
  /** The bucket's recipient domain; `''`: the relay's own. */
  readonly domain: string;
  readonly lengthMs: number;
  /** How far in the past it may begin, after a pause. */
  readonly behindMs: number;
  /** How far ahead of now the bucket may be: what lies further was written before the clock was set back. */
  readonly aheadMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What all processes that send by a relay know of its pace and of the domains that complained. */
export interface PaceStore {
  /** Moves a bucket on and returns the epoch milliseconds at which the slice begins. */
  reserve(reservation: Reservation): Promise<number>;
  /** Of domains that were closed and haven't taken anything since, and of those that complained after `since`. */
  listThrottles(relay: string, since: number): Promise<Map<string, DomainThrottle>>;
  saveThrottle(relay: string, domain: string, throttle: DomainThrottle): Promise<void>;
}
