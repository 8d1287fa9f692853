import type { Instant } from '../clock.ts';
import type { SubscriberState } from './subscriber.ts';
import type { Rhythm } from './subscription.ts';

/** What somebody asks for at a form. Every text is already checked. */
export interface SignUpWishes {
  /** In order of preference; at least one. */
  readonly languages: readonly string[];
  /** At least one. */
  readonly newsletters: readonly string[];
  /** Keys; empty means all. */
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly rhythm: Rhythm;
}

/** A sentence that somebody agreed to, word by word. */
export interface Wording {
  readonly text: string;
  readonly lang: string;
  /** Names the text: it changes with it. */
  readonly version: string;
}

export interface SignUp {
  readonly email: string;
  readonly wishes: SignUpWishes;
  readonly wording: Wording;
  readonly how: 'form' | 'api';
  /** Null where none is kept. */
  readonly ip: string | null;
}

/** What somebody asked for, as the page that asks for the confirmation shows it. */
export interface AskedFor {
  readonly email: string;
  readonly wishes: SignUpWishes;
}

export type Confirming =
  /** `repeated`: it had been confirmed before, and nothing was changed. */
  | { readonly kind: 'confirmed'; readonly repeated: boolean }
  /** The reader was erased, or what was asked for is no longer known. */
  | { readonly kind: 'gone' };

export interface SignUpStore {
  /**
   * Keeps what somebody asked for, durably; an address's later one replaces one that hasn't been looked at. It does the
   * same whoever the address belongs to, so that the time that it takes tells nothing.
   */
  keepSignUp(signUp: SignUp, now: Instant): Promise<void>;
  /** Looks at what was kept, and posts the letters that follow from it. Returns how many letters there are. */
  settleSignUps(now: Instant): Promise<number>;
  /** What the record of a consent says was asked for; null where it isn't known (any more). */
  findAsked(subscriberId: number, consentId: number): Promise<AskedFor | null>;
  /** Posts the letter that asks for the confirmation once more, as far as the limits let it. */
  askAgain(subscriberId: number, consentId: number, lang: string, now: Instant): Promise<void>;
  /**
   * The reader's own word that they asked: makes what was asked for true, lifts what keeps the address from mail unless an
   * operator or the reader put it there, and posts the welcome. Durable when it resolves; once for each asking.
   */
  confirm(subscriberId: number, consentId: number, wording: Wording, now: Instant): Promise<Confirming>;
}

/** What is known of an address that somebody signs up. */
export interface KnownReader {
  /** Null: nobody has it. */
  readonly state: SubscriberState | null;
  /** Names of those that are active or paused. */
  readonly newsletters: readonly string[];
  /** Why the address gets no mail; null: it does. */
  readonly suppressed: string | null;
}

/** What an address is sent when it is signed up; `perMonth` is an own limit within 30 days. */
export type SignUpAnswer =
  | { readonly kind: 'confirm' | 'already'; readonly perMonth?: number }
  | { readonly kind: 'nothing' };

/**
 * Reports of mail that came back or wasn't wanted: only the reader's own new consent lifts them. What an operator wrote,
 * or the reader asked for when being erased, no form undoes.
 */
const liftedByReader = ['complaint', 'address_gone'];

export function isLiftedByReader(reason: string): boolean {
  return liftedByReader.includes(reason);
}

/** Decides what follows from a sign-up. */
export function judgeSignUp(known: KnownReader, wishes: SignUpWishes): SignUpAnswer {
  // One letter a month: whoever complained, or isn't there, mustn't be written to at anybody's bidding.
  if (known.suppressed !== null) {
    return isLiftedByReader(known.suppressed) ? { kind: 'confirm', perMonth: 1 } : { kind: 'nothing' };
  }
  const hasAll = wishes.newsletters.every((name) => known.newsletters.includes(name));
  return { kind: known.state === 'active' && hasAll ? 'already' : 'confirm' };
}
