import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** AES-256-GCM with a nonce for each secret (NIST SP 800-38D §8.2.2). */
const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Stands before all that is sealed; no secret in base32 begins so. */
const mark = 'v1.';

/**
 * An authenticator app's secret as the database keeps it: `v1.` and, in base64url, nonce, ciphertext and tag. It can be
 * opened for this operator alone, so that nobody's is put in the place of somebody else's.
 *
 * @param key 32 bytes, kept beside the database and not in it.
 */
export function sealSecret(key: KeyObject, operatorId: number, secret: string): string {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(ownerOf(operatorId));
  const sealed = Buffer.concat([nonce, sealing.update(secret, 'utf8'), sealing.final(), sealing.getAuthTag()]);
  return mark + sealed.toString('base64url');
}

/** The secret again; null where it was sealed under another key or for somebody else, or is damaged. */
export function openSecret(key: KeyObject, operatorId: number, sealed: string): string | null {
  const bytes = Buffer.from(sealed.slice(mark.length), 'base64url');
  if (!isSealed(sealed) || bytes.length <= nonceBytes + tagBytes) return null;
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  opening.setAAD(ownerOf(operatorId)).setAuthTag(bytes.subarray(-tagBytes));
  try {
    return opening.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8');
  } catch {
    return null; // the tag says that it isn't ours
  }
}

/** False for one that was kept before there was a key. */
export function isSealed(text: string): boolean {
  return text.startsWith(mark);
}

function ownerOf(operatorId: number): Buffer {
  return Buffer.from(`operator ${operatorId}`);
}
