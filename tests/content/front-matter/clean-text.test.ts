import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, cleanValue } from '../../../src/content/front-matter/clean-text.ts';

describe('cleanText', () => {
  it('takes controls and overrides of the reading direction out', () => {
    expect(cleanText('a\0b\u0007c\u001Bd\u007Fe\u009Bf\u202Eg\u2066h\u2069i\uFEFFj\uFFFEk')).toBe('abcdefghijk');
  });

  it('takes out what no feed can hold, so that no title is empty only there', () => {
    expect(cleanText('a\uFDD0b\u{1FFFE}c\u{10FFFF}d')).toBe('abcd');
    expect(cleanText('🗞\uFDD0')).toBe('🗞');
  });

  it('keeps line ends, tabs, joiners and plain direction marks', () => {
    const text = 'می\u200Cروم\tو\n\u200Fنامه\u200E \u{1F468}\u200D\u{1F469}';
    expect(cleanText(text)).toBe(text);
  });

  it('replaces halves of surrogate pairs', () => {
    expect(cleanText('a\uD800b')).toBe('a\uFFFDb');
  });

  it('is well-formed and finds nothing the second time for whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', '\uD800', '\u202E', '\0'), (text, end) => {
        const clean = cleanText(text + end);
        expect(clean.isWellFormed()).toBe(true);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
  });
});

describe('cleanValue', () => {
  it('cleans every text, tells where, and leaves empty keys out', () => {
    const value = { a: 'x\0', b: ['ok', { c: '\u202Ey', d: null }], e: null, f: 1, g: true };
    expect(cleanValue(value)).toEqual({
      value: { a: 'x', b: ['ok', { c: 'y' }], f: 1, g: true },
      cleaned: [['a'], ['b', 1, 'c']],
    });
  });

  it('leaves prototypes alone', () => {
    const { value } = cleanValue(JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });
});
