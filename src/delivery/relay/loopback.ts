import { AppError } from '../../errors.ts';
import type { Relay } from './relay.ts';

/** 127.0.0.0/8, ::1 and the names that RFC 6761 §6.3 keeps for them, though not every resolver does. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * What is let off a relay on this machine (no TLS, a certificate that nobody vouches for, a password in clear) is let off the
 * address at the other end, never a name.
 *
 * @throws AppError `unavailable` where a relay that is taken to be on this machine isn't.
 */
export function requireLoopback({ loopback, host }: Relay, remoteAddress: string | undefined): void {
  if (!loopback || remoteAddress === undefined || isLoopback(remoteAddress.replace(/^::ffff:/, ''))) return;
  throw new AppError('unavailable', `${host} is ${remoteAddress}, which isn’t this machine.`);
}
