import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, toMs } from '../clock.ts';
import type { Keys } from './keys.ts';

/** People take longer to fill in a form; programs don't. */
const leastAgeMs = 2000;
const mostAgeMs = 24 * 3_600_000;
const stampText = /^([0-9a-z]{1,9})\.([A-Za-z0-9_-]{22})$/;

/** Says, signed, when a form was asked for. */
export function createFormStamp(keys: Keys, now: Instant): string {
  const time = toMs(now).toString(36);
  return `${time}.${macOf(keys.link[0]?.secret, time)}`;
}

/** Whether a form comes back with a stamp of ours, neither at once nor after more than a day. */
export function isFormFresh(keys: Keys, stamp: string, now: Instant): boolean {
  const [, time, mac] = stampText.exec(stamp) ?? [];
  if (time === undefined || mac === undefined) return false;
  const isOurs = keys.link.some(({ secret }) => timingSafeEqual(Buffer.from(macOf(secret, time)), Buffer.from(mac)));
  const ageMs = toMs(now) - Number.parseInt(time, 36);
  return isOurs && ageMs >= leastAgeMs && ageMs <= mostAgeMs;
}

function macOf(secret: Keys['address'] | undefined, time: string): string {
  if (secret === undefined) throw new TypeError('There is no key to sign with.');
  return createHmac('sha256', secret).update(`silkpost form\0${time}`).digest().subarray(0, 16).toString('base64url');
}
