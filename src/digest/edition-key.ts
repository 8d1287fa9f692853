import { type Instant, toInstant, toMs } from '../clock.ts';

/** `2026-11-27T0300Z`: the time that an edition is for, in UTC to the minute, safe in a file’s name. */
export function keyOfTime(at: Instant): string {
  return `${toInstant(toMs(at)).slice(0, 16).replace(':', '')}Z`;
}

/** The time that a key is of, whatever number follows it; whenever the edition went out in the end. */
export function timeOfKey(key: string): Instant {
  return toInstant(Date.parse(`${key.slice(0, 13)}:${key.slice(13, 15)}:00Z`));
}
