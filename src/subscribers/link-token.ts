import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Keys, LinkKey } from './keys.ts';

/** What a link allows. A token for one is worth nothing for another. */
export type LinkPurpose = 'unsubscribe' | 'preferences';

export interface LinkPayload {
  readonly subscriberId: number;
  /** Null: not about one newsletter. */
  readonly newsletter: string | null;
}

const keyIdBytes = 4;
// RFC 2104 §5: not less than half of the hash.
const macBytes = 16;
const longestToken = 512;
const payloadText = /^([1-9]\d{0,15})(?::([A-Za-z0-9-]{1,64}))?$/;

/** A token for a link in a mail: base64url of key id, HMAC-SHA256 (128 bits) and payload; about 40 characters. */
export function createLinkToken(keys: Keys, purpose: LinkPurpose, payload: LinkPayload): string {
  const [key] = keys.link;
  const text =
    payload.newsletter === null ? `${payload.subscriberId}` : `${payload.subscriberId}:${payload.newsletter}`;
  if (!key || !payloadText.test(text)) throw new TypeError(`No link token can carry "${text}".`);
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from(key.id, 'hex'), macOf(key, purpose, body), body]).toString('base64url');
}

/** What a token says, or null where it is forged, damaged, for another purpose or signed with a key that is gone. */
export function readLinkToken(keys: Keys, purpose: LinkPurpose, token: string): LinkPayload | null {
  if (token.length > longestToken) return null;
  const bytes = Buffer.from(token, 'base64url');
  // Node's decoder passes over what isn't base64url and over left-over bits: only the one true spelling counts.
  if (bytes.toString('base64url') !== token || bytes.length <= keyIdBytes + macBytes) return null;
  const id = bytes.subarray(0, keyIdBytes).toString('hex');
  const mac = bytes.subarray(keyIdBytes, keyIdBytes + macBytes);
  const body = bytes.subarray(keyIdBytes + macBytes);
  const key = keys.link.find((candidate) => candidate.id === id);
  if (!key || !timingSafeEqual(mac, macOf(key, purpose, body))) return null;
  const [, subscriberId, newsletter] = payloadText.exec(body.toString('latin1')) ?? [];
  return subscriberId === undefined ? null : { subscriberId: Number(subscriberId), newsletter: newsletter ?? null };
}

function macOf(key: LinkKey, purpose: LinkPurpose, body: Buffer): Buffer {
  return createHmac('sha256', key.secret)
    .update(`silkpost link ${purpose}\0`)
    .update(body)
    .digest()
    .subarray(0, macBytes);
}
