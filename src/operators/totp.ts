import { Secret, TOTP } from 'otpauth';
import { type Instant, toMs } from '../clock.ts';

/** As authenticator apps take them without being asked: SHA-1, six digits, thirty seconds (RFC 6238 §5.2). */
const periodSeconds = 30;
const digits = 6;
/** Steps that a phone's clock may be off by, and a code be late. */
const slack = 1;

/** A new secret, in base32. */
export function createTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads from the picture. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return totpOf(secret, issuer, label).toString();
}

/**
 * The time step that a typed code belongs to; null where it isn't right now, or its step is not after the last one
 * that was taken: a code counts once (RFC 6238 §5.2).
 */
export function findTotpStep(secret: string, code: string, now: Instant, lastStep: number): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const timestamp = toMs(now);
  const delta = totpOf(secret).validate({ token, timestamp, window: slack });
  if (delta === null) return null;
  const step = Math.floor(timestamp / 1000 / periodSeconds) + delta;
  return step > lastStep ? step : null;
}

/** The code at an instant. */
export function totpCode(secret: string, now: Instant): string {
  return totpOf(secret).generate({ timestamp: toMs(now) });
}

function totpOf(secret: string, issuer = '', label = ''): TOTP {
  return new TOTP({
    issuer,
    label,
    secret: Secret.fromBase32(secret),
    digits,
    period: periodSeconds,
    algorithm: 'SHA1',
  });
}
