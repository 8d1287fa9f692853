import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../clock.ts';

/** Where a token stands: as the return path, as the address to leave by, as the Message-ID. */
export type TokenPurpose = 'bounce' | 'leave' | 'message';

/**
 * The mail that a token names, a delivery or a letter to one reader: bound to its address, and to its edition or the moment
 * at which it was made, since a restored database counts on from earlier ids.
 */
export type TokenSubject =
  | { readonly deliveryId: number; readonly editionId: string; readonly address: string }
  | { readonly letterId: number; readonly createdAt: Instant; readonly address: string };

/** A token as it was found in a text, genuine or not. */
export interface MailToken {
  readonly of: 'delivery' | 'letter';
  readonly purpose: TokenPurpose;
  /** The delivery's or the letter's. */
  readonly id: number;
  readonly mac: string;
}

/** Names mails so that a bounce, a complaint or a leaving mail can be told from a forged one. */
export interface MailTokens {
  /** At most 35 characters, lower case: a local part that survives any mail server (RFC 5321 §4.5.3.1.1: 64). */
  create(purpose: TokenPurpose, subject: TokenSubject): string;
  isGenuine(token: MailToken, subject: TokenSubject): boolean;
}

const letters: Readonly<Record<TokenPurpose, string>> = { bounce: 'b', leave: 'l', message: 'm' };
const purposes = new Map(Object.entries(letters).map(([purpose, letter]) => [letter, purpose as TokenPurpose])); // its own keys
/** Before the purpose's own, of a letter. */
const letterMark = 'x';
/** 100 bits in base 32: a guess has nothing to try itself on but our own mailbox. */
const macLength = 20;
/** Nothing but letters, digits and hyphens stands in a token, so a forwarder's rewriting (SRS, BATV) leaves it whole. */
const tokenText = new RegExp(
  `(?<![0-9a-z])(${letterMark}?)([blm])-([0-9a-v]{1,11})-([0-9a-v]{${macLength}})(?![0-9a-z])`,
  'gi',
);
/** A report has a few at most; a text full of them costs no more than this. */
const mostTokens = 20;

export function createMailTokens(key: string | Buffer): MailTokens {
  const macOf = (purpose: TokenPurpose, subject: TokenSubject): string => {
    const { of, id, from } = partsOf(subject);
    const hash = createHmac('sha256', key)
      .update(`${of} ${purpose}\n${id}\n${from}\n${subject.address.toLowerCase()}`)
      .digest('hex');
    return BigInt(`0x${hash.slice(0, 25)}`)
      .toString(32)
      .padStart(macLength, '0');
  };
  return {
    create(purpose, subject) {
      const { of, id } = partsOf(subject);
      return `${of === 'letter' ? letterMark : ''}${letters[purpose]}-${id.toString(32)}-${macOf(purpose, subject)}`;
    },
    isGenuine(token, subject) {
      const { of, id } = partsOf(subject);
      const isNamed = token.of === of && token.id === id;
      return isNamed && timingSafeEqual(Buffer.from(token.mac), Buffer.from(macOf(token.purpose, subject)));
    },
  };
}

function partsOf(subject: TokenSubject): Pick<MailToken, 'of' | 'id'> & { readonly from: string } {
  return 'deliveryId' in subject
    ? { of: 'delivery', id: subject.deliveryId, from: subject.editionId }
    : { of: 'letter', id: subject.letterId, from: subject.createdAt };
}

/** Tokens anywhere in a text, in any case, each once, in the order found. */
export function findTokens(text: string): MailToken[] {
  const found = new Map<string, MailToken>();
  for (const [whole, mark = '', letter = '', written = '', mac = ''] of text.matchAll(tokenText)) {
    const purpose = purposes.get(letter.toLowerCase());
    const id = Number.parseInt(written, 32);
    if (purpose === undefined || !Number.isSafeInteger(id)) continue;
    const of = mark === '' ? 'delivery' : 'letter';
    found.set(whole.toLowerCase(), { of, purpose, id, mac: mac.toLowerCase() });
    if (found.size === mostTokens) break;
  }
  return [...found.values()];
}
