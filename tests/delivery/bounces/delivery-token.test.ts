import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeliveryTokens, findTokens, type TokenPurpose } from '../../../src/delivery/bounces/delivery-token.ts';

const tokens = createDeliveryTokens('a key for tests');
const subject = { deliveryId: 1234, editionId: 'weekly-2026-11-27T0300Z', address: 'Ana@example.com' };
const anySubject = fc.record({
  deliveryId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  editionId: fc.string(),
  address: fc.emailAddress(),
});
const anyPurpose = fc.constantFrom<TokenPurpose>('bounce', 'leave', 'message');

describe('createDeliveryTokens', () => {
  it('makes a local part that survives folding to either case and comes back genuine', () => {
    fc.assert(
      fc.property(anyPurpose, anySubject, fc.boolean(), (purpose, about, upper) => {
        const text = tokens.create(purpose, about);
        expect(text).toMatch(/^[0-9a-z-]{1,34}$/);
        const [found] = findTokens(`Return-Path: <${upper ? text.toUpperCase() : text}@bounces.example>`);
        expect(found).toMatchObject({ purpose, deliveryId: about.deliveryId });
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
    expect(createDeliveryTokens('another key').isGenuine(genuine, subject)).toBe(false);
  });
});

describe('findTokens', () => {
  it('takes any text, finds each token once and stops at a sane number', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(findTokens(text))));
    const one = tokens.create('bounce', subject);
    expect(findTokens(`${one} ${one.toUpperCase()}`)).toHaveLength(1);
    const many = Array.from({ length: 500 }, (_, deliveryId) => tokens.create('leave', { ...subject, deliveryId }));
    expect(findTokens(many.join(' '))).toHaveLength(20);
    expect(findTokens(`x${one} b-1-0123 b-12345678901234-${'0'.repeat(20)}`)).toEqual([]);
  });
});
