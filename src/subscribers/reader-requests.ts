import type { Clock } from '../clock.ts';
import type { AddressChangeStore } from './address-change-store.ts';
import { parseEmailAddress } from './email-address.ts';
import type { EraseReader } from './erase-reader.ts';
import type { Keys } from './keys.ts';
import type { LetterDesk } from './letter-desk.ts';
import type { LetterPosting } from './letter-store.ts';
import { readLinkToken } from './link-token.ts';
import type { OwnData, OwnDataStore } from './own-data.ts';
import { maskAddress } from './preferences.ts';
import type { Wording } from './sign-up.ts';
import type { SubscriberStore } from './subscriber-store.ts';

/** What a reader asks for by a fresh mail, since a letter that was passed on opens the preferences page too. */
export const readerAsks = ['address', 'data', 'erase'] as const;

/** How long the link in such a mail is good. */
export const askLinkHours = 24;

export type ReaderAsk = (typeof readerAsks)[number];

/** What the requests of readers need. */
export interface RequestDesk {
  readonly store: Pick<SubscriberStore, 'findById' | 'findByEmail'>;
  readonly changes: AddressChangeStore;
  readonly ownData: OwnDataStore;
  readonly eraseReader: EraseReader;
  readonly letters: LetterDesk;
  readonly keys: Keys;
  readonly clock: Clock;
}

/** Whose link it is. */
export interface TokenOwner {
  readonly subscriberId: number;
  readonly email: string;
  readonly lang: string;
  /** `a…@example.com` */
  readonly maskedAddress: string;
}

/** The owner of a letter's link; null where it is forged, damaged, for something else or too old, or nobody's any more. */
export async function findTokenOwner(
  desk: Pick<RequestDesk, 'store' | 'keys' | 'clock'>,
  purpose: ReaderAsk | 'preferences',
  token: string,
): Promise<TokenOwner | null> {
  const payload = readLinkToken(desk.keys, purpose, token);
  if (payload === null || (payload.expiresAt !== null && payload.expiresAt <= desk.clock.now())) return null;
  return findOwner(desk, payload.subscriberId);
}

async function findOwner({ store }: Pick<RequestDesk, 'store'>, subscriberId: number): Promise<TokenOwner | null> {
  const found = await store.findById(subscriberId);
  if (found === null || found.subscriber.email === null) return null;
  const { email, lang } = found.subscriber;
  return { subscriberId, email, lang, maskedAddress: maskAddress(email) };
}

/** Has the owner of a preferences token get a letter whose link goes on; null for a token that isn't genuine. */
export async function askByLetter(desk: RequestDesk, token: string, ask: ReaderAsk): Promise<TokenOwner | null> {
  const owner = await findTokenOwner(desk, 'preferences', token);
  if (owner === null) return null;
  const { subscriberId, email, lang } = owner;
  await desk.letters.post({ kind: ask, subscriberId, address: email, lang, payload: {} });
  return owner;
}

/** Has whoever gets letters of ours at the address get a fresh link to their preferences; nobody else gets anything. */
export async function askForLink(desk: RequestDesk, email: string): Promise<void> {
  const found = await desk.store.findByEmail(email);
  if (found !== null) await sendLink(desk, found.subscriber.id);
}

/** Has a reader get a fresh link to their preferences; `nobody` where no letter of ours would reach them. */
export async function sendLink(
  desk: Pick<RequestDesk, 'store' | 'letters'>,
  subscriberId: number,
): Promise<LetterPosting | 'nobody'> {
  const found = await desk.store.findById(subscriberId);
  if (found === null || found.subscriber.email === null || found.subscriber.state === 'pending') return 'nobody';
  const { email: address, lang } = found.subscriber;
  return desk.letters.post({ kind: 'link', subscriberId, address, lang, payload: {} });
}

export type AskedAddress =
  | { readonly kind: 'unknown' }
  /** Not an address that mail can be sent to. */
  | { readonly kind: 'fault' }
  | { readonly kind: 'asked'; readonly maskedAddress: string };

/** Has a letter go to the new address that the owner of an `address` token gave; the link in it makes the change. */
export async function askForAddress(desk: RequestDesk, token: string, text: string): Promise<AskedAddress> {
  const owner = await findTokenOwner(desk, 'address', token);
  if (owner === null) return { kind: 'unknown' };
  const parsed = parseEmailAddress(text.trim());
  if (!parsed.ok) return { kind: 'fault' };
  const address = parsed.address.text;
  const changeId = await desk.changes.keepChange(owner.subscriberId, address, desk.clock.now());
  const { subscriberId, lang } = owner;
  await desk.letters.post({ kind: 'new-address', subscriberId, address, lang, payload: { changeId } });
  return { kind: 'asked', maskedAddress: maskAddress(address) };
}

/** A change of address that waits for a word from the new one. */
export interface OfferedAddress {
  readonly changeId: number;
  readonly oldMaskedAddress: string;
  readonly email: string;
}

/** What a `new-address` token is about; null for one that isn't genuine, or whose change was made or replaced. */
export async function findOfferedAddress(desk: RequestDesk, token: string): Promise<OfferedAddress | null> {
  const payload = readLinkToken(desk.keys, 'new-address', token);
  if (payload === null || payload.reference === null) return null;
  if (payload.expiresAt === null || payload.expiresAt <= desk.clock.now()) return null;
  const change = await desk.changes.findChange(payload.reference);
  if (change === null || change.subscriberId !== payload.subscriberId) return null;
  const owner = await findOwner(desk, change.subscriberId);
  if (owner === null) return null;
  return { changeId: payload.reference, oldMaskedAddress: owner.maskedAddress, email: change.email };
}

/** Makes the change; `unknown` also for a repeat. */
export async function changeAddress(
  desk: RequestDesk,
  token: string,
  wording: Wording,
): Promise<{ readonly kind: 'unknown' | 'refused' } | { readonly kind: 'changed'; readonly email: string }> {
  const offered = await findOfferedAddress(desk, token);
  if (offered === null) return { kind: 'unknown' };
  const outcome = await desk.changes.applyChange(offered.changeId, wording, desk.clock.now());
  if (outcome === 'changed') return { kind: 'changed', email: offered.email };
  return { kind: outcome === 'refused' ? 'refused' : 'unknown' };
}

/** Everything that is kept about the owner of a `data` token. */
export async function readOwnData(desk: RequestDesk, token: string): Promise<OwnData | null> {
  const owner = await findTokenOwner(desk, 'data', token);
  return owner === null ? null : desk.ownData.findOwnData(owner.subscriberId);
}

/** Forgets the owner of an `erase` token; false for a token that isn't genuine, or a repeat. */
export async function eraseByToken(desk: RequestDesk, token: string, keepOut: boolean): Promise<boolean> {
  const owner = await findTokenOwner(desk, 'erase', token);
  return owner !== null && (await desk.eraseReader(owner.subscriberId, { keepOut })) !== null;
}
