import { createRequire } from 'node:module';
import type { TOTP } from 'otpauth';
import { type Instant, toMs } from '../clock.ts';

const require = createRequire(import.meta.url);
/** Loaded with the first code: most commands see none. */
const loadOtp = (): typeof import('otpauth') => require('otpauth');

/** As authenticator apps take them without being asked: SHA-1, six digits, thirty seconds (RFC 6238 §5.2). */
const periodSeconds = 30;
const digits = 6;
/** Steps that a phone's clock may be off by, and a code be late. */
const slack = 1;

/** A new secret, in base32. */
export function createTotpSecret(): string {
  const { Secret } = loadOtp();
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app reads from the picture. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return totpOf(secret, issuer, label).toString();
}

/**
 * The time step that a typed code belongs to; null where it isn't right now. Whoever takes it has to see to it that a code
 * counts once (RFC 6238 §5.2).
 */
export function findTotpStep(secret: string, code: string, now: Instant): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const timestamp = toMs(now);
  const delta = totpOf(secret).validate({ token, timestamp, window: slack });
  return delta === null ? null : Math.floor(timestamp / 1000 / periodSeconds) + delta;
}

/** The code at an instant. */
export function totpCode(secret: string, now: Instant): string {
  return totpOf(secret).generate({ timestamp: toMs(now) });
}

function totpOf(secret: string, issuer = '', label = ''): TOTP {
  const otp = loadOtp();
  return new otp.TOTP({
    issuer,
    label,
    secret: otp.Secret.fromBase32(secret),
    digits,
    period: periodSeconds,
    algorithm: 'SHA1',
  });
}
