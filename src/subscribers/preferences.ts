import type { Clock, Instant } from '../clock.ts';
import type { Keys } from './keys.ts';
import { readLinkToken } from './link-token.ts';
import {
  type PreferenceFault,
  type PreferenceWishes,
  parsePreferenceForm,
  type SubscriptionWish,
} from './preference-form.ts';
import type { PreferenceStore } from './preference-store.ts';
import type { ReaderChoices } from './reader-fields.ts';
import type { Wording } from './sign-up.ts';
import type { SubscriberStore } from './subscriber-store.ts';
import { isPauseOver, type Subscription } from './subscription.ts';
import { findUndo, type UndoOffer } from './undo.ts';

/** What a reader's own links need. */
export interface PreferencesDesk {
  readonly store: Pick<SubscriberStore, 'findById' | 'isSuppressed'>;
  readonly preferences: PreferenceStore;
  readonly keys: Keys;
  readonly clock: Clock;
  /** What there is to choose from. */
  readonly choices: ReaderChoices;
  /** IANA name of the publication's zone, in which pauses end. */
  readonly timezone: string;
}

/** What the owner of a preferences link has chosen. */
export interface ReaderPreferences {
  readonly subscriberId: number;
  /** `a…@example.com`: enough to recognise, too little to learn. */
  readonly maskedAddress: string;
  /** Whether the address gets no mail, whatever is chosen. */
  readonly isSuppressed: boolean;
  readonly wishes: PreferenceWishes;
  /** What was left last, while that can be undone. */
  readonly undo: UndoOffer | null;
}

export type SavedPreferences =
  /** A forged or damaged token, or a reader who is gone. */
  | { readonly kind: 'unknown' }
  /** No whole form. */
  | { readonly kind: 'incomplete' }
  /** `reader`: as they were, and are still. */
  | {
      readonly kind: 'refused';
      readonly fault: Exclude<PreferenceFault, 'incomplete'>;
      readonly reader: ReaderPreferences;
    }
  | { readonly kind: 'saved'; readonly reader: ReaderPreferences };

/** What the owner of a preferences token has chosen; null for a forged or damaged one, or a reader who is gone. */
export async function findPreferences(desk: PreferencesDesk, token: string): Promise<ReaderPreferences | null> {
  const payload = readLinkToken(desk.keys, 'preferences', token);
  const found = payload === null ? null : await desk.store.findById(payload.subscriberId);
  if (found === null || found.subscriber.email === null) return null;
  const { subscriber, subscriptions } = found;
  const now = desk.clock.now();
  const known = (chosen: readonly string[], offered: readonly string[]): string[] =>
    chosen.filter((key) => offered.includes(key));
  return {
    subscriberId: subscriber.id,
    maskedAddress: maskAddress(found.subscriber.email),
    isSuppressed: await desk.store.isSuppressed(found.subscriber.email),
    wishes: {
      languages: known(subscriber.languages, desk.choices.languages),
      countries: known(subscriber.countries, desk.choices.countries),
      topics: known(subscriber.topics, desk.choices.topics),
      newsletters: new Map(
        subscriptions
          .filter(({ state }) => state !== 'left')
          .map((subscription) => [subscription.newsletter, wishOf(subscription, now)]),
      ),
    },
    undo: findUndo(subscriptions, now),
  };
}

function wishOf(subscription: Subscription, now: Instant): SubscriptionWish {
  const { state, rhythm, pausedUntil } = subscription;
  const isPaused = state === 'paused' && !isPauseOver(subscription, now);
  return { rhythm, pause: isPaused ? { until: pausedUntil } : null };
}

/**
 * Saves what the page's form says, or says what is wrong with it and changes nothing. Safe to repeat.
 *
 * @param wording what the reader agreed to, word by word.
 */
export async function savePreferences(
  desk: PreferencesDesk,
  token: string,
  form: URLSearchParams,
  wording: Wording,
): Promise<SavedPreferences> {
  const reader = await findPreferences(desk, token);
  if (reader === null) return { kind: 'unknown' };
  const now = desk.clock.now();
  const parsed = parsePreferenceForm(form, desk.choices, desk.timezone, now);
  if (!parsed.ok) {
    const { fault } = parsed;
    return fault === 'incomplete' ? { kind: 'incomplete' } : { kind: 'refused', fault, reader };
  }
  await desk.preferences.saveWishes(reader.subscriberId, parsed.wishes, desk.choices.newsletters, wording, now);
  const saved = await findPreferences(desk, token);
  return saved === null ? { kind: 'unknown' } : { kind: 'saved', reader: saved };
}

/** `ann@example.com` → `a…@example.com` */
export function maskAddress(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}…${email.slice(at)}`;
}
