import { createPublicKey } from 'node:crypto';
import type { DkimKey } from './dkim-key.ts';

/** Where a public key stands in DNS (RFC 6376 §3.6.2.1). */
export function dkimRecordName({ selector, domain }: Pick<DkimKey, 'selector' | 'domain'>): string {
  return `${selector}._domainkey.${domain}`;
}

/** What stands there: `v=DKIM1; k=rsa; p=…`, as one text. */
export function dkimRecord(key: Pick<DkimKey, 'algorithm' | 'key'>): string {
  return `v=DKIM1; k=${key.algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'}; p=${publicKeyText(key)}`;
}

/** DER in base64 for RSA (RFC 6376 §3.6.1), the 32 bytes themselves for Ed25519 (RFC 8463 §4). */
function publicKeyText({ algorithm, key }: Pick<DkimKey, 'algorithm' | 'key'>): string {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return (algorithm === 'rsa-sha256' ? der : der.subarray(-32)).toString('base64');
}

/** The tags of a record or signature (RFC 6376 §3.2); of one that stands twice the last. */
export function parseTags(text: string): ReadonlyMap<string, string> {
  const tags = text.split(';').flatMap((tag): [string, string][] => {
    const equals = tag.indexOf('=');
    return equals < 0 ? [] : [[tag.slice(0, equals).trim().toLowerCase(), tag.slice(equals + 1).trim()]];
  });
  return new Map(tags);
}

/** A TXT record's text as a zone file wants it: strings of at most 255 bytes (RFC 1035 §3.3.14). ASCII. */
export function quoteTxt(text: string): string {
  const strings = text.match(/.{1,255}/g) ?? [''];
  return strings.map((string) => `"${string.replace(/["\\]/g, '\\$&')}"`).join(' ');
}
