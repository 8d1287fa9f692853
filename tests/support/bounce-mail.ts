import { readFileSync } from 'node:fs';
import { createMailTokens, type TokenPurpose, type TokenSubject } from '../../src/delivery/bounces/mail-token.ts';

const folder = new URL('../fixtures/bounces/', import.meta.url);

/** What stands in the fixtures where a delivery's tokens belong. */
export const fixtureTokens: Readonly<Record<TokenPurpose, string>> = {
  bounce: 'b-16i-00000000000000000000',
  leave: 'l-16i-00000000000000000000',
  message: 'm-16i-00000000000000000000',
};

/** A message as it comes over the wire: CRLF throughout. */
export function bounceMail(name: string): Buffer {
  return Buffer.from(readFileSync(new URL(`${name}.eml`, folder), 'utf8').replaceAll('\n', '\r\n'));
}

/** The same about one delivery: with its genuine tokens, and its reader's address. */
export function bounceMailAbout(name: string, key: string | Buffer, subject: TokenSubject): Buffer {
  const tokens = createMailTokens(key);
  let text = bounceMail(name).toString().replaceAll('ana@example.com', subject.address);
  for (const purpose of ['bounce', 'leave', 'message'] as const) {
    text = text.replaceAll(fixtureTokens[purpose], tokens.create(purpose, subject));
  }
  return Buffer.from(text);
}
