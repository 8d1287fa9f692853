import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTotpSecret, openSecret, sealSecret } from '../../src/operators/index.ts';

const key = createSecretKey(randomBytes(32));

describe('sealSecret', () => {
  it('is opened by its key and for its operator alone, and is never the same twice', () => {
    const secret = createTotpSecret();
    const sealed = sealSecret(key, 7, secret);
    expect(sealed).not.toContain(secret);
    expect(sealed).not.toBe(sealSecret(key, 7, secret));
    expect(openSecret(key, 7, sealed)).toBe(secret);
    expect(openSecret(key, 8, sealed)).toBeNull();
    expect(openSecret(createSecretKey(randomBytes(32)), 7, sealed)).toBeNull();
    expect(openSecret(key, 7, secret)).toBeNull();
  });

  it('opens nothing that was changed', () => {
    const sealed = sealSecret(key, 7, createTotpSecret());
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, text) => {
        const changed = sealed.slice(0, at) + text + sealed.slice(at + 1);
        const isSame = Buffer.from(changed.slice(3), 'base64url').equals(Buffer.from(sealed.slice(3), 'base64url'));
        expect(openSecret(key, 7, changed) === null || (isSame && changed.startsWith('v1.'))).toBe(true);
      }),
    );
    expect(openSecret(key, 7, 'v1.')).toBeNull();
  });
});
