import { readLinkToken } from './link-token.ts';
import type { LeavingDesk } from './unsubscribe.ts';

/** What the owner of a preferences link receives. */
export interface Preferences {
  readonly subscriberId: number;
  /** `a…@example.com`: enough to recognise, too little to learn. */
  readonly maskedAddress: string;
  /** Names of the newsletters that are still sent. */
  readonly newsletters: readonly string[];
}

/** What the owner of a preferences token receives; null for a forged or damaged one, or a reader who is gone. */
export async function findPreferences(
  desk: Pick<LeavingDesk, 'store' | 'keys'>,
  token: string,
): Promise<Preferences | null> {
  const payload = readLinkToken(desk.keys, 'preferences', token);
  const found = payload === null ? null : await desk.store.findById(payload.subscriberId);
  if (found === null || found.subscriber.email === null) return null;
  return {
    subscriberId: found.subscriber.id,
    maskedAddress: maskAddress(found.subscriber.email),
    newsletters: found.subscriptions.filter(({ state }) => state !== 'left').map(({ newsletter }) => newsletter),
  };
}

/** Leaves one newsletter, or all where it is null. A forged token and a repeat change nothing. */
export async function leaveByPreferences(desk: LeavingDesk, token: string, newsletter: string | null): Promise<void> {
  const preferences = await findPreferences(desk, token);
  if (preferences === null) return;
  const now = desk.clock.now();
  if (newsletter === null) await desk.store.leaveAll(preferences.subscriberId, 'page', now);
  else await desk.store.leave(preferences.subscriberId, newsletter, 'page', now);
}

/** `ann@example.com` → `a…@example.com` */
export function maskAddress(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}…${email.slice(at)}`;
}
