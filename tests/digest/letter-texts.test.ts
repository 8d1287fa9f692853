import { describe, expect, it } from 'vitest';
import { letterTexts, parseLetterText, unarranged } from '../../src/digest/index.ts';

const arrangement = { ...unarranged, subjects: { en: 'Talks begin' }, preheaders: { en: 'And a road reopens' } };

describe('letterTexts', () => {
  it('gives what was written to letters that begin with the edition’s first story', () => {
    expect(letterTexts(arrangement, 'en', { first: 'a', lead: 'a' })).toEqual({
      subject: 'Talks begin',
      preheader: 'And a road reopens',
    });
    expect(letterTexts(arrangement, 'en', { first: 'a', lead: 'b' })).toEqual({});
    expect(letterTexts(arrangement, 'fa', { first: 'a', lead: 'a' })).toEqual({});
  });
});

describe('parseLetterText', () => {
  it('takes any script, on one line', () => {
    expect(parseLetterText('  گفت‌وگو در\r\nتهران \u200f ')).toEqual({ text: 'گفت‌وگو در تهران \u200f'.trim() });
    expect(parseLetterText(' \n ')).toEqual({ text: '' });
  });

  it.each([
    ['a control character', 'Talks\u0007'],
    ['an override of the direction', 'Talks \u202Etxt.exe'],
    ['an isolate', '\u2066Talks\u2069'],
    ['a place for a reader’s own link', 'Talks \uE000'],
    ['too much', 'x'.repeat(251)],
  ])('refuses %s with a sentence', (_what, text) => {
    expect(parseLetterText(text)).toEqual({ reason: expect.stringMatching(/^It .*\.$/) });
  });
});
