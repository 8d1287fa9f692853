import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where a token stands: as the return path, as the address to leave by, as the Message-ID. */
export type TokenPurpose = 'bounce' | 'leave' | 'message';

/** What a token names: the delivery, bound to its edition and reader, since a restored database counts on from earlier ids. */
export interface TokenSubject {
  readonly deliveryId: number;
  readonly editionId: string;
  readonly address: string;
}

/** A token as it was found in a text, genuine or not. */
export interface DeliveryToken {
  readonly purpose: TokenPurpose;
  readonly deliveryId: number;
  readonly mac: string;
}

/** Names deliveries so that a bounce, a complaint or a leaving mail can be told from a forged one. */
export interface DeliveryTokens {
  /** At most 34 characters, lower case: a local part that survives any mail server (RFC 5321 §4.5.3.1.1: 64). */
  create(purpose: TokenPurpose, subject: TokenSubject): string;
  isGenuine(token: DeliveryToken, subject: TokenSubject): boolean;
}

const letters: Readonly<Record<TokenPurpose, string>> = { bounce: 'b', leave: 'l', message: 'm' };
const purposes = new Map(Object.entries(letters).map(([purpose, letter]) => [letter, purpose as TokenPurpose])); // its own keys
/** 100 bits in base 32: a guess has nothing to try itself on but our own mailbox. */
const macLength = 20;
/** Nothing but letters, digits and hyphens stands in a token, so a forwarder's rewriting (SRS, BATV) leaves it whole. */
const tokenText = new RegExp(`(?<![0-9a-z])([blm])-([0-9a-v]{1,11})-([0-9a-v]{${macLength}})(?![0-9a-z])`, 'gi');
/** A report has a few at most; a text full of them costs no more than this. */
const mostTokens = 20;

export function createDeliveryTokens(key: string | Buffer): DeliveryTokens {
  const macOf = (purpose: TokenPurpose, { deliveryId, editionId, address }: TokenSubject): string => {
    const hash = createHmac('sha256', key)
      .update(`delivery ${purpose}\n${deliveryId}\n${editionId}\n${address.toLowerCase()}`)
      .digest('hex');
    return BigInt(`0x${hash.slice(0, 25)}`)
      .toString(32)
      .padStart(macLength, '0');
  };
  return {
    create: (purpose, subject) => `${letters[purpose]}-${subject.deliveryId.toString(32)}-${macOf(purpose, subject)}`,
    isGenuine: (token, subject) =>
      token.deliveryId === subject.deliveryId &&
      timingSafeEqual(Buffer.from(token.mac), Buffer.from(macOf(token.purpose, subject))),
  };
}

/** Tokens anywhere in a text, in any case, each once, in the order found. */
export function findTokens(text: string): DeliveryToken[] {
  const found = new Map<string, DeliveryToken>();
  for (const [whole, letter = '', id = '', mac = ''] of text.matchAll(tokenText)) {
    const purpose = purposes.get(letter.toLowerCase());
    const deliveryId = Number.parseInt(id, 32);
    if (purpose === undefined || !Number.isSafeInteger(deliveryId)) continue;
    found.set(whole.toLowerCase(), { purpose, deliveryId, mac: mac.toLowerCase() });
    if (found.size === mostTokens) break;
  }
  return [...found.values()];
}
