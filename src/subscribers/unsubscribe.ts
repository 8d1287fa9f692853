import type { Clock, Instant } from '../clock.ts';
import type { Keys } from './keys.ts';
import { createLinkToken, readLinkToken } from './link-token.ts';
import { monthsFrom } from './pause-date.ts';
import type { PreferenceStore } from './preference-store.ts';
import type { Wording } from './sign-up.ts';
import type { SubscriberStore } from './subscriber-store.ts';
import type { Rhythm } from './subscription.ts';
import { findUndo, isUndoable, type UndoOffer } from './undo.ts';

/** What leaving needs. */
export interface LeavingDesk {
  readonly store: Pick<SubscriberStore, 'findById' | 'leave' | 'leaveAll'>;
  readonly preferences: Pick<PreferenceStore, 'ease' | 'undoLeaving'>;
  readonly keys: Keys;
  readonly clock: Clock;
  /** IANA name of the publication's zone, in which pauses end. */
  readonly timezone: string;
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

/** The rhythms that the page offers instead of leaving. */
export const slowings = ['weekly', 'monthly'] as const;

export type Slowing = (typeof slowings)[number];

/** The pauses that the page offers, in months. */
export const pauseMonths = [1, 3] as const;

/** What the owner of an unsubscribe token can do. */
export interface LeavingOffer {
  readonly newsletter: string;
  /** False: it has been left. */
  readonly isWanted: boolean;
  /** Whether any newsletter is still wanted. */
  readonly wantsAny: boolean;
  readonly rhythm: Rhythm;
  readonly undo: UndoOffer | null;
  /** The reader's first language and lists, for a feed of the same selection; empty lists mean all. */
  readonly lists: { readonly lang: string; readonly countries: readonly string[]; readonly topics: readonly string[] };
  readonly preferencesToken: string;
}

/** What an unsubscribe token is for, or null. Changes nothing and asks no database. */
export function readUnsubscribeToken(keys: Keys, token: string): UnsubscribeToken | null {
  const payload = readLinkToken(keys, 'unsubscribe', token);
  if (payload === null || payload.newsletter === null) return null;
  return { subscriberId: payload.subscriberId, newsletter: payload.newsletter };
}

/**
 * What an unsubscribe token's owner can do; null for a forged or damaged one, or of a reader who is gone. Changes
 * nothing.
 *
 * @param scope Which leaving can be undone: that of the token's newsletter, or the newest of all.
 */
export async function findLeavingOffer(
  { store, keys, clock }: Pick<LeavingDesk, 'store' | 'keys' | 'clock'>,
  token: string,
  scope: 'newsletter' | 'all' = 'newsletter',
): Promise<LeavingOffer | null> {
  const link = readUnsubscribeToken(keys, token);
  const found = link === null ? null : await store.findById(link.subscriberId);
  if (link === null || found === null || found.subscriber.email === null) return null;
  const { subscriber, subscriptions } = found;
  const subscription = subscriptions.find(({ newsletter }) => newsletter === link.newsletter);
  const isWanted = subscription !== undefined && subscription.state !== 'left';
  return {
    newsletter: link.newsletter,
    isWanted,
    wantsAny: subscriptions.some(({ state }) => state !== 'left'),
    rhythm: subscription?.rhythm ?? 'each',
    undo: isWanted ? null : findUndo(subscriptions, clock.now(), scope === 'all' ? null : link.newsletter),
    lists: { lang: subscriber.lang, countries: subscriber.countries, topics: subscriber.topics },
    preferencesToken: createLinkToken(keys, 'preferences', { subscriberId: subscriber.id, newsletter: null }),
  };
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

/** Has the token's newsletter come less often; false where its owner doesn't get it. */
export async function slowDownByToken(desk: LeavingDesk, token: string, rhythm: Slowing): Promise<boolean> {
  const link = readUnsubscribeToken(desk.keys, token);
  if (link === null) return false;
  return desk.preferences.ease(link.subscriberId, link.newsletter, { rhythm }, 'page', desk.clock.now());
}

/** Pauses the token's newsletter for so many months; returns when it comes again, null where its owner doesn't get it. */
export async function pauseByToken(desk: LeavingDesk, token: string, months: number): Promise<Instant | null> {
  const link = readUnsubscribeToken(desk.keys, token);
  if (link === null) return null;
  const now = desk.clock.now();
  const pausedUntil = monthsFrom(desk.timezone, now, months);
  const isPaused = await desk.preferences.ease(link.subscriberId, link.newsletter, { pausedUntil }, 'page', now);
  return isPaused ? pausedUntil : null;
}

/**
 * Brings back what a reader left at an instant, as it was; for seven days, and safe to repeat.
 *
 * @param leftAt from the form: anything may be in it.
 * @returns the newsletters; none for a repeat, and where it is too late.
 */
export async function undoLeaving(
  desk: Pick<LeavingDesk, 'preferences' | 'clock'>,
  subscriberId: number,
  leftAt: string,
  wording: Wording,
): Promise<readonly string[]> {
  const now = desk.clock.now();
  if (!instantText.test(leftAt) || !isUndoable(leftAt, now)) return [];
  return desk.preferences.undoLeaving(subscriberId, leftAt, wording, now);
}

const instantText = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
