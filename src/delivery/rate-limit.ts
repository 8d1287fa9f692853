import { setTimeout as pause } from 'node:timers/promises';

/** Spaces out messages to a relay. */
export interface RateLimit {
  /** Resolves when the next message may go; rejects with the signal's reason when it aborts. */
  take(signal: AbortSignal): Promise<void>;
}

/**
 * A token bucket: `perSecond` on average, up to a tenth of a second's worth at once. `monotonicMs` is a clock that
 * never jumps.
 */
export function createRateLimit(perSecond: number, monotonicMs: () => number = () => performance.now()): RateLimit {
  const gapMs = 1000 / perSecond;
  const burstMs = Math.max(gapMs, 100);
  let nextAt = Number.NEGATIVE_INFINITY;
  return {
    async take(signal) {
      signal.throwIfAborted();
      const now = monotonicMs();
      const at = Math.max(nextAt, now - burstMs + gapMs);
      nextAt = at + gapMs;
      if (at > now) await pause(at - now, undefined, { signal });
    },
  };
}
