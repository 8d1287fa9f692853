import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toInstant } from '../../src/clock.ts';
import type { Keys } from '../../src/subscribers/keys.ts';
import { createLinkToken, readLinkToken } from '../../src/subscribers/link-token.ts';

const keysOf = (id: string, secret: string): Keys => ({
  link: [{ id, secret: createSecretKey(secret.repeat(32), 'hex') }],
  address: createSecretKey('00'.repeat(32), 'hex'),
  operators: createSecretKey('00'.repeat(32), 'hex'),
});
const keys = keysOf('0badcafe', '5a');
const payloads = fc.record({
  subscriberId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  newsletter: fc.option(fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/)),
  reference: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  expiresAt: fc.option(fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => toInstant(seconds * 1000))),
});
const purposes = fc.constantFrom('unsubscribe' as const, 'preferences' as const, 'confirm' as const);

describe('createLinkToken', () => {
  it('makes a short token that needs no escaping in a URL', () => {
    const token = createLinkToken(keys, 'unsubscribe', { subscriberId: 1_234_567, newsletter: 'weekly' });
    expect(token).toMatch(/^[A-Za-z0-9_-]{40,50}$/);
  });

  it('refuses a newsletter that can’t be read back', () => {
    expect(() => createLinkToken(keys, 'unsubscribe', { subscriberId: 1, newsletter: 'a:b' })).toThrow(TypeError);
    expect(() => createLinkToken(keys, 'unsubscribe', { subscriberId: -1, newsletter: null })).toThrow(TypeError);
  });
});

describe('readLinkToken', () => {
  it('gives back what was signed, for its purpose alone', () => {
    fc.assert(
      fc.property(purposes, payloads, (purpose, payload) => {
        const token = createLinkToken(keys, purpose, payload);
        expect(readLinkToken(keys, purpose, token)).toEqual(payload);
        expect(readLinkToken(keys, purpose === 'unsubscribe' ? 'preferences' : 'unsubscribe', token)).toBeNull();
      }),
    );
  });

  it('refuses a token with any one bit changed, in whatever place', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), fc.integer({ min: 0, max: 7 }), (payload, place, bit) => {
        const bytes = Buffer.from(createLinkToken(keys, 'unsubscribe', payload), 'base64url');
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        expect(readLinkToken(keys, 'unsubscribe', bytes.toString('base64url'))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a token with any one letter changed, also in bits that base64url leaves unused', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n%';
    for (const newsletter of [null, 'a', 'ab', 'weekly']) {
      const token = createLinkToken(keys, 'unsubscribe', { subscriberId: 42, newsletter });
      for (let at = 0; at <= token.length; at++) {
        for (const letter of letters) {
          if (token[at] !== letter) {
            expect(readLinkToken(keys, 'unsubscribe', token.slice(0, at) + letter + token.slice(at + 1))).toBeNull();
          }
        }
      }
    }
  });

  it('refuses every truncation and addition', () => {
    const token = createLinkToken(keys, 'unsubscribe', { subscriberId: 42, newsletter: 'weekly' });
    for (let length = 0; length < token.length; length++) {
      expect(readLinkToken(keys, 'unsubscribe', token.slice(0, length))).toBeNull();
      expect(readLinkToken(keys, 'unsubscribe', token.slice(length + 1))).toBeNull();
    }
    for (const more of ['A', 'AAAA', '=', '==', token]) {
      expect(readLinkToken(keys, 'unsubscribe', token + more)).toBeNull();
    }
  });

  it('refuses what another key signed, also under the same id', () => {
    const payload = { subscriberId: 42, newsletter: 'weekly' };
    expect(
      readLinkToken(keys, 'unsubscribe', createLinkToken(keysOf('0badcafe', '5b'), 'unsubscribe', payload)),
    ).toBeNull();
    expect(
      readLinkToken(keys, 'unsubscribe', createLinkToken(keysOf('11111111', '5a'), 'unsubscribe', payload)),
    ).toBeNull();
  });

  it('makes nothing of noise, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.string({ maxLength: 2000 })),
        (noise) => {
          expect(readLinkToken(keys, 'unsubscribe', noise)).toBeNull();
        },
      ),
      { numRuns: 1000 },
    );
    expect(readLinkToken(keys, 'unsubscribe', 'A'.repeat(1_000_000))).toBeNull();
  });
});
