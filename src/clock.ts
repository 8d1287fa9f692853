/** A moment as ISO 8601 in UTC with milliseconds (`2023-04-09T14:30:00.000Z`): text order is time order. */
export type Instant = string;

/** Where the time comes from; tests pass their own. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: readTime };

/** The last one told: whoever asks within the same millisecond shares its text. */
let last: { readonly ms: number; readonly instant: Instant } = { ms: 0, instant: '' };

function readTime(): Instant {
  const ms = Date.now();
  if (ms !== last.ms) last = { ms, instant: toInstant(ms) };
  return last.instant;
}

/** The instant of a Date or of epoch milliseconds. Throws a RangeError for an invalid date. */
export function toInstant(value: Date | number): Instant {
  return new Date(value).toISOString();
}

/** Epoch milliseconds of an instant. */
export function toMs(instant: Instant): number {
  return instant === last.instant ? last.ms : Date.parse(instant);
}

/** The instant `ms` milliseconds later (earlier where negative). */
export function plusMs(instant: Instant, ms: number): Instant {
  return toInstant(toMs(instant) + ms);
}
