/** After a pause at most so much goes at once. */
const burstMs = 100;
/** What is reserved at a time lasts so long at least. */
const sliceMs = 1000;

/**
 * A token bucket whose tokens come from the database in slices: the pace is the same for all processes and holds over a
 * restart, and no message costs a write. Times are epoch milliseconds.
 */
export class Pace {
  readonly gapMs: number;
  readonly #behindMs: number;
  #tokens = 0;
  #nextAt = 0;
  #until = 0;

  constructor(perSecond: number) {
    this.gapMs = 1000 / perSecond;
    this.#behindMs = Math.max(0, burstMs - this.gapMs);
  }

  /** How many messages a slice holds, and how far the bucket moves for it. */
  get slice(): { readonly tokens: number; readonly lengthMs: number; readonly behindMs: number } {
    const tokens = Math.max(1, Math.round(sliceMs / this.gapMs));
    return { tokens, lengthMs: tokens * this.gapMs, behindMs: this.#behindMs };
  }

  /** Milliseconds until the next message may go; null: a slice has to be reserved first. */
  waitMs(now: number): number | null {
    // A slice that was hardly used belongs to others by now; one far ahead comes from a clock that was set back.
    if (this.#tokens === 0 || now > this.#until + sliceMs || now < this.#until - 20 * this.slice.lengthMs) return null;
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
