import type { Clock } from '../clock.ts';
import { createFormStamp, isFormFresh } from './form-stamp.ts';
import type { Keys } from './keys.ts';
import { createLinkToken, readLinkToken } from './link-token.ts';
import { maskAddress } from './preferences.ts';
import type { ReaderChoices } from './reader-fields.ts';
import type { SignUpStore, SignUpWishes } from './sign-up.ts';
import { parseSignUp, type SignUpFault, signUpFields } from './sign-up-form.ts';
import { wordingOf } from './wording.ts';

export interface SignUpDeskOptions {
  readonly store: SignUpStore;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly choices: ReaderChoices;
  /** Whether the address that a sign-up came from is kept with the consent. */
  readonly keepsIp: boolean;
  /** Told where something was taken in that a letter may follow from. */
  readonly onTaken: () => void;
}

/** A form as it came in. */
export interface SignUpRequest {
  readonly form: URLSearchParams;
  /** Of the page, and of the letter that follows. */
  readonly lang: string;
  /** The sentence that was agreed to, in that language. */
  readonly wording: string;
  readonly how: 'form' | 'api';
  readonly ip: string | null;
}

export type Asking =
  /** Whoever the address belongs to; what follows is the letter's business. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'fault'; readonly fault: SignUpFault }
  /** It holds all, but isn't from a page of ours, or too fresh or old for a person's: to be shown and sent once more. */
  | { readonly kind: 'check' };

export type ConfirmLink =
  | { readonly kind: 'unknown' }
  /** Good until some time ago: a fresh one can be sent. */
  | { readonly kind: 'late' }
  | { readonly kind: 'asked'; readonly maskedAddress: string; readonly wishes: SignUpWishes };

export type ConfirmAnswer =
  | Exclude<ConfirmLink, { kind: 'asked' }>
  | { readonly kind: 'confirmed'; readonly newsletters: readonly string[]; readonly preferencesToken: string };

/** Where people sign up and confirm by themselves. */
export interface SignUpDesk {
  /** For a form that is shown now. */
  stamp(): string;
  ask(request: SignUpRequest): Promise<Asking>;
  /** What the link of a confirmation is for. Changes nothing, and doesn't use the link up. */
  findLink(token: string): Promise<ConfirmLink>;
  confirm(token: string, wording: string, lang: string): Promise<ConfirmAnswer>;
  /** Sends a fresh link in place of one that is too old, as far as the limits let it; the same answer always. */
  askAgain(token: string, lang: string): Promise<void>;
}

export function createSignUpDesk(options: SignUpDeskOptions): SignUpDesk {
  const { store, keys, clock, choices, keepsIp, onTaken } = options;

  const read = (token: string): { subscriberId: number; consentId: number; isLate: boolean } | null => {
    const payload = readLinkToken(keys, 'confirm', token);
    if (payload === null || payload.reference === null || payload.expiresAt === null) return null;
    const { subscriberId, reference: consentId, expiresAt } = payload;
    return { subscriberId, consentId, isLate: clock.now() > expiresAt };
  };

  async function findLink(token: string): Promise<ConfirmLink> {
    const link = read(token);
    const asked = link && (await store.findAsked(link.subscriberId, link.consentId));
    if (link === null || asked === null) return { kind: 'unknown' };
    if (link.isLate) return { kind: 'late' };
    return { kind: 'asked', maskedAddress: maskAddress(asked.email), wishes: asked.wishes };
  }

  return {
    stamp: () => createFormStamp(keys, clock.now()),
    async ask({ form, lang, wording, how, ip }) {
      const parsed = parseSignUp(form, choices, lang);
      if (!parsed.ok) return { kind: 'fault', fault: parsed.fault };
      // A program that fills in whatever it finds gets a person's answer, and nothing follows.
      if (form.get(signUpFields.trap)) return { kind: 'asked' };
      const now = clock.now();
      if (how === 'form' && !isFormFresh(keys, form.get(signUpFields.stamp) ?? '', now)) return { kind: 'check' };
      const { email, wishes } = parsed;
      await store.keepSignUp({ email, wishes, wording: wordingOf(wording, lang), how, ip: keepsIp ? ip : null }, now);
      onTaken();
      return { kind: 'asked' };
    },
    findLink,
    async confirm(token, wording, lang) {
      const link = read(token);
      const found = await findLink(token);
      if (found.kind !== 'asked' || link === null) return found.kind === 'late' ? found : { kind: 'unknown' };
      const { subscriberId, consentId } = link;
      const done = await store.confirm(subscriberId, consentId, wordingOf(wording, lang), clock.now());
      if (done.kind === 'gone') return { kind: 'unknown' };
      onTaken();
      return {
        kind: 'confirmed',
        newsletters: found.wishes.newsletters,
        preferencesToken: createLinkToken(keys, 'preferences', { subscriberId, newsletter: null }),
      };
    },
    async askAgain(token, lang) {
      const link = read(token);
      if (link === null) return;
      await store.askAgain(link.subscriberId, link.consentId, lang, clock.now());
      onTaken();
    },
  };
}
