import { randomInt } from 'node:crypto';
import { hashToken } from './session.ts';

const codes = 10;
const groups = 4;
const groupLength = 4;
/** Crockford's base32: nothing that is taken for something else when it is copied by hand. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ten codes of 80 bits, for when the phone is gone: `4k2v-9mzt-0b7r-xq5e`. Each counts once. */
export function createRecoveryCodes(): string[] {
  return Array.from({ length: codes }, createCode);
}

function createCode(): string {
  const group = (): string => Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** Under what a typed code is kept; null where it has the shape of none. */
export function recoveryHash(code: string): string | null {
  const letters = code.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
  return /^[0-9a-z]{16}$/.test(letters) ? hashToken(letters) : null;
}
