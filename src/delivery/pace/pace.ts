import type { Reservation } from './pace-store.ts';

/** After a pause at most so much goes at once. */
const burstMs = 100;
/** What is reserved at a time lasts about so long, or one message: short, so that processes take turns often. */
const sliceMs = 250;
/** So many slices may lie ahead of now. */
const slicesAhead = 40;

/**
 * A token bucket whose tokens come from the database in slices: the pace is the same for all processes and holds over a
 * restart, and no message costs a write. Times are epoch milliseconds.
 */
export class Pace {
  readonly gapMs: number;
  readonly #behindMs: number;
  readonly #tokensAtOnce: number;
  #tokens = 0;
  #nextAt = 0;
  #until = 0;

  /** @param isForSingle whether a slice is for one message alone: of few messages most of a longer one would be lost. */
  constructor(perSecond: number, isForSingle = false) {
    this.gapMs = 1000 / perSecond;
    this.#behindMs = Math.max(0, burstMs - this.gapMs);
    this.#tokensAtOnce = isForSingle ? 1 : this.#fullTokens;
  }

  get #fullTokens(): number {
    return Math.max(1, Math.round(sliceMs / this.gapMs));
  }

  /** How far ahead slices of processes at work may lie. */
  get #aheadMs(): number {
    return slicesAhead * this.#fullTokens * this.gapMs;
  }

  /** How many messages a slice holds, how far the bucket moves for it, and where it may lie. */
  get slice(): { readonly tokens: number } & Pick<Reservation, 'lengthMs' | 'behindMs' | 'aheadMs'> {
    const tokens = this.#tokensAtOnce;
    return { tokens, lengthMs: tokens * this.gapMs, behindMs: this.#behindMs, aheadMs: this.#aheadMs };
  }

  /** Milliseconds until the next message may go; null: a slice has to be reserved first. */
  waitMs(now: number): number | null {
    // What is left of a slice that is over would go beside another process's; one far ahead comes from a clock that was
    // set back.
    if (this.#tokens === 0 || now > this.#until + this.#behindMs || now < this.#until - 2 * this.#aheadMs) return null;
    return Math.max(0, this.#nextAt - now);
  }

  /** Takes up a slice that begins at `from`. */
  refill(from: number): void {
    this.#tokens = this.slice.tokens;
    this.#nextAt = from;
    this.#until = from + this.slice.lengthMs;
  }

  /** One message goes. */
  take(now: number): void {
    this.#tokens -= 1;
    this.#nextAt = Math.max(this.#nextAt, now - this.#behindMs) + this.gapMs;
  }
}
