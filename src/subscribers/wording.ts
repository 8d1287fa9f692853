import { createHash } from 'node:crypto';
import type { Wording } from './sign-up.ts';

/** A sentence as it was shown, with a version that follows from its words: the same text has the same. */
export function wordingOf(text: string, lang: string): Wording {
  return { text, lang, version: createHash('sha256').update(`${lang}\0${text}`).digest('hex').slice(0, 12) };
}
