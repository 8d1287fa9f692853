import type { Clock } from '../clock.ts';
import type { Keys } from './keys.ts';
import { readLinkToken } from './link-token.ts';
import type { SubscriberStore } from './subscriber-store.ts';

/** What leaving needs. */
export interface LeavingDesk {
  readonly store: Pick<SubscriberStore, 'findById' | 'leave' | 'leaveAll'>;
  readonly keys: Keys;
  readonly clock: Clock;
}

export interface UnsubscribeToken {
  readonly subscriberId: number;
  readonly newsletter: string;
}

export type Leaving =
  /** `repeated`: there was nothing left to leave. */
  | { readonly kind: 'left'; readonly subscriberId: number; readonly newsletter: string; readonly repeated: boolean }
  /** A forged or damaged token, or one of a reader who is gone. */
  | { readonly kind: 'unknown' };

/** What an unsubscribe token is for, or null. Changes nothing and asks no database. */
export function readUnsubscribeToken(keys: Keys, token: string): UnsubscribeToken | null {
  const payload = readLinkToken(keys, 'unsubscribe', token);
  if (payload === null || payload.newsletter === null) return null;
  return { subscriberId: payload.subscriberId, newsletter: payload.newsletter };
}

/**
 * Leaves the token's newsletter, or with `all` every one; durable when it resolves, and safe to repeat (RFC 8058 §3.1:
 * receivers may post more than once).
 *
 * @param source `one-click` for the receiver's button, `page` for ours.
 */
export async function leaveByToken(
  desk: LeavingDesk,
  token: string,
  source: 'one-click' | 'page',
  scope: 'newsletter' | 'all' = 'newsletter',
): Promise<Leaving> {
  const link = readUnsubscribeToken(desk.keys, token);
  if (link === null) return { kind: 'unknown' };
  const found = await desk.store.findById(link.subscriberId);
  if (found === null) return { kind: 'unknown' };
  const now = desk.clock.now();
  if (scope === 'newsletter') {
    const left = await desk.store.leave(link.subscriberId, link.newsletter, source, now);
    return { kind: 'left', ...link, repeated: !left };
  }
  const repeated = found.subscriptions.every(({ state }) => state === 'left');
  await desk.store.leaveAll(link.subscriberId, source, now);
  return { kind: 'left', ...link, repeated };
}
