import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, toInstant, toMs } from '../clock.ts';
import type { Keys, LinkKey } from './keys.ts';

/** What a link allows. A token for one is worth nothing for another. */
export type LinkPurpose = 'unsubscribe' | 'preferences' | 'confirm' | 'address' | 'new-address' | 'data' | 'erase';

export interface LinkPayload {
  readonly subscriberId: number;
  /** Null: not about one newsletter. */
  readonly newsletter: string | null;
  /** The record that it is about; default null: none. */
  readonly reference?: number | null;
  /** To the second; default null: it doesn't end. */
  readonly expiresAt?: Instant | null;
}

const keyIdBytes = 4;
// RFC 2104 §5: not less than half of the hash.
const macBytes = 16;
const longestToken = 512;
const payloadText = /^([1-9]\d{0,15})(?::([A-Za-z0-9-]{1,64}))?(?:#([1-9]\d{0,15}))?(?:~([0-9a-z]{1,8}))?$/;

/** A token for a link in a mail: base64url of key id, HMAC-SHA256 (128 bits) and payload; about 40 characters. */
export function createLinkToken(keys: Keys, purpose: LinkPurpose, payload: LinkPayload): string {
  const [key] = keys.link;
  const { subscriberId, newsletter, reference = null, expiresAt = null } = payload;
  const text = [
    subscriberId,
    newsletter === null ? '' : `:${newsletter}`,
    reference === null ? '' : `#${reference}`,
    expiresAt === null ? '' : `~${Math.floor(toMs(expiresAt) / 1000).toString(36)}`,
  ].join('');
  if (!key || !payloadText.test(text)) throw new TypeError(`No link token can carry "${text}".`);
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from(key.id, 'hex'), macOf(key, purpose, body), body]).toString('base64url');
}

/**
 * What a token says, or null where it is forged, damaged, for another purpose or signed with a key that is gone. One that
 * has expired is told as it is: its owner is offered a fresh one.
 */
export function readLinkToken(keys: Keys, purpose: LinkPurpose, token: string): Required<LinkPayload> | null {
  if (token.length > longestToken) return null;
  const bytes = Buffer.from(token, 'base64url');
  // Node's decoder passes over what isn't base64url and over left-over bits: only the one true spelling counts.
  if (bytes.toString('base64url') !== token || bytes.length <= keyIdBytes + macBytes) return null;
  const id = bytes.subarray(0, keyIdBytes).toString('hex');
  const mac = bytes.subarray(keyIdBytes, keyIdBytes + macBytes);
  const body = bytes.subarray(keyIdBytes + macBytes);
  const key = keys.link.find((candidate) => candidate.id === id);
  if (!key || !timingSafeEqual(mac, macOf(key, purpose, body))) return null;
  const [, subscriberId, newsletter, reference, seconds] = payloadText.exec(body.toString('latin1')) ?? [];
  if (subscriberId === undefined) return null;
  return {
    subscriberId: Number(subscriberId),
    newsletter: newsletter ?? null,
    reference: reference === undefined ? null : Number(reference),
    expiresAt: seconds === undefined ? null : toInstant(Number.parseInt(seconds, 36) * 1000),
  };
}

function macOf(key: LinkKey, purpose: LinkPurpose, body: Buffer): Buffer {
  return createHmac('sha256', key.secret)
    .update(`silkpost link ${purpose}\0`)
    .update(body)
    .digest()
    .subarray(0, macBytes);
}
