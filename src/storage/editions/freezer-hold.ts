import { type Instant, plusMs, systemClock } from '../../clock.ts';

/** How long others keep away from a freeze that shows no progress. Wall time: it is about living processes. */
const freezerLeaseMs = 10_000;

/** Until when a freeze that shows progress now holds its edition. */
export function freezerHold(): Instant {
  return plusMs(systemClock.now(), freezerLeaseMs);
}

/** Whether a hold keeps others away: one further ahead was written before the clock was set back. */
export function isHeldUntil(until: Instant | null): boolean {
  return until !== null && until > systemClock.now() && until <= freezerHold();
}
