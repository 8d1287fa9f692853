import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMailTokens, findTokens, type TokenPurpose } from '../../../src/delivery/bounces/mail-token.ts';

const tokens = createMailTokens('a key for tests');
const subject = { deliveryId: 1234, editionId: 'weekly-2026-11-27T0300Z', address: 'Ana@example.com' };
const letter = { letterId: 1234, createdAt: '2026-11-27T03:00:00.000Z', address: 'Ana@example.com' };
const anyId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const anySubject = fc.oneof(
  fc.record({ deliveryId: anyId, editionId: fc.string(), address: fc.emailAddress() }),
  fc.record({ letterId: anyId, createdAt: fc.string(), address: fc.emailAddress() }),
);
const anyPurpose = fc.constantFrom<TokenPurpose>('bounce', 'leave', 'message');

describe('createMailTokens', () => {
  it('makes a local part that survives folding to either case and comes back genuine', () => {
    fc.assert(
      fc.property(anyPurpose, anySubject, fc.boolean(), (purpose, about, upper) => {
        const text = tokens.create(purpose, about);
        expect(text).toMatch(/^[0-9a-z-]{1,35}$/);
        const [found] = findTokens(`Return-Path: <${upper ? text.toUpperCase() : text}@bounces.example>`);
        expect(found).toMatchObject({ purpose, id: 'letterId' in about ? about.letterId : about.deliveryId });
        expect(found && tokens.isGenuine(found, about)).toBe(true);
      }),
    );
  });

  it('finds it through a forwarder’s rewriting and in an encoded link', () => {
    const text = tokens.create('bounce', subject);
    for (const written of [
      `SRS0=4f3x=ab=bounces.example=${text}@forwarder.example`,
      `prvs=0123456789=${text}@bounces.example`,
      `mailto:${text}%40bounces.example`,
      `"${text}"@bounces.example`,
    ]) {
      expect(findTokens(written), written).toHaveLength(1);
    }
  });

  it('refuses a token of another delivery, edition, reader, purpose or key', () => {
    const [genuine] = findTokens(tokens.create('bounce', subject));
    if (!genuine) throw new Error('no token');
    expect(tokens.isGenuine(genuine, { ...subject, address: 'ana@EXAMPLE.com' })).toBe(true);
    for (const other of [{ deliveryId: 1235 }, { editionId: 'weekly' }, { address: 'bo@example.com' }]) {
      expect(tokens.isGenuine(genuine, { ...subject, ...other })).toBe(false);
    }
    expect(tokens.isGenuine({ ...genuine, purpose: 'leave' }, subject)).toBe(false);
    expect(tokens.isGenuine({ ...genuine, of: 'letter' }, letter)).toBe(false);
    expect(createMailTokens('another key').isGenuine(genuine, subject)).toBe(false);
  });
});

describe('a token of a letter', () => {
  it('is none of the delivery with the same number, nor of a letter of another time', () => {
    const [genuine] = findTokens(tokens.create('message', letter));
    if (!genuine) throw new Error('no token');
    expect(genuine).toMatchObject({ of: 'letter', purpose: 'message', id: 1234 });
    expect(tokens.isGenuine(genuine, letter)).toBe(true);
    expect(tokens.isGenuine(genuine, { ...letter, createdAt: '2026-11-27T03:00:00.001Z' })).toBe(false);
    expect(tokens.isGenuine({ ...genuine, of: 'delivery' }, subject)).toBe(false);
  });
});

describe('findTokens', () => {
  it('takes any text, finds each token once and stops at a sane number', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(findTokens(text))));
    const one = tokens.create('bounce', subject);
    expect(findTokens(`${one} ${one.toUpperCase()}`)).toHaveLength(1);
    const many = Array.from({ length: 500 }, (_, deliveryId) => tokens.create('leave', { ...subject, deliveryId }));
    expect(findTokens(many.join(' '))).toHaveLength(20);
    expect(findTokens(`z${one} b-1-0123 b-12345678901234-${'0'.repeat(20)}`)).toEqual([]);
  });
});
