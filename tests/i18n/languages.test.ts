import { describe, expect, it } from 'vitest';
import { directionOf, languageName } from '../../src/i18n/index.ts';

describe('directionOf', () => {
  it.each([
    ['fa', 'rtl'],
    ['fa-AF', 'rtl'],
    ['ckb', 'rtl'],
    ['yi', 'rtl'],
    ['dv', 'rtl'],
    ['az', 'ltr'],
    ['az-Arab', 'rtl'],
    ['az-IR', 'rtl'],
    ['ku-Arab', 'rtl'],
    ['ur-Latn', 'ltr'],
    ['zh-Hant', 'ltr'],
    ['sr-Cyrl', 'ltr'],
  ])('goes by the script of %s: %s', (lang, direction) => {
    expect(directionOf(lang)).toBe(direction);
  });
});

describe('languageName', () => {
  it('says what a language calls itself, its script and region told apart', () => {
    expect(['az', 'fa', 'de', 'zh-Hant', 'pt-BR'].map(languageName)).toEqual([
      'Azərbaycanca',
      'فارسی',
      'Deutsch',
      '繁體中文',
      'português (Brasil)',
    ]);
    expect(languageName('az-Arab')).not.toBe(languageName('az'));
  });

  it('gives the tag of one that nobody knows', () => {
    expect(languageName('qaa')).toBe('qaa');
  });
});
