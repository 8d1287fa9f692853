import { type Clock, type Instant, toInstant } from '../../src/clock.ts';

export interface FixedClock extends Clock {
  /** Moves the clock to another instant. */
  set(instant: Instant): void;
}

/** A clock that stands still until it is set. Takes any ISO 8601 text. */
export function fixedClock(instant: Instant): FixedClock {
  let now = toInstant(Date.parse(instant));
  return {
    now: () => now,
    set(next) {
      now = toInstant(Date.parse(next));
    },
  };
}
