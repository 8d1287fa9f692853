import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, isolateRuns, wrapText } from '../../src/digest/plain-text.ts';

describe('columnsOf', () => {
  it('counts letters as readers see them', () => {
    expect(columnsOf('नि e\u0301 👩‍👩‍👧')).toBe(5);
    expect(columnsOf('\u2066abc\u2069')).toBe(3);
  });
});

describe('wrapText', () => {
  it('breaks at 72 columns and keeps paragraphs apart', () => {
    const text = `${'word '.repeat(30).trim()}\n\nSecond.`;
    const lines = wrapText(text).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(72);
    expect(lines.slice(-2)).toEqual(['', 'Second.']);
  });

  it('never breaks an address, nor at a no-break space', () => {
    const url = `https://dispatch.example/${'a'.repeat(100)}`;
    expect(wrapText(`See ${url} now`, 20).split('\n')).toEqual(['See', url, 'now']);
    expect(wrapText('ab cd\u00a0ef', 5)).toBe('ab\ncd\u00a0ef');
  });

  it('keeps lines apart, and those that fit as they are: lists, tables, code', () => {
    const text = ' * one\n * two\n   * within\n\na   b\n1   2\n\nif (x) {\n  y();\n}';
    expect(wrapText(text)).toBe(text);
  });

  it('goes on with an item below its text, and with a quotation behind its mark', () => {
    expect(wrapText(' * aa bb cc', 8)).toBe(' * aa bb\n   cc');
    expect(wrapText(' 12. aa bb', 7)).toBe(' 12. aa\n     bb');
    expect(wrapText('> aa bb cc', 7)).toBe('> aa bb\n> cc');
    expect(wrapText('>  * aa bb', 7)).toBe('>  * aa\n>    bb');
  });

  it('takes no sentence for a list that begins with a number', () => {
    expect(wrapText('2023. aa bb', 8)).toBe('2023. aa\nbb');
  });

  it('keeps every word in order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 40 }), (words) => {
        const text = words.join(' ');
        const wordsOf = (words: string): string[] => words.split(/[ \t\r\n]+/).filter((word) => word !== '');
        expect(wordsOf(wrapText(text, 20))).toEqual(wordsOf(text));
      }),
    );
  });
});

describe('isolateRuns', () => {
  it('sets Latin words in Persian text apart, punctuation outside', () => {
    expect(isolateRuns('مأموریت EUMA Armenia (دو سال).', 'rtl')).toBe('مأموریت \u2066EUMA Armenia\u2069 (دو سال).');
  });

  it('leaves addresses alone, so that they stay links', () => {
    expect(isolateRuns('ببینید https://dispatch.example/fa/a?b=c', 'rtl')).not.toMatch(/[\u2066\u2069]/);
  });

  it('leaves left-to-right text alone', () => {
    expect(isolateRuns('EUMA', 'ltr')).toBe('EUMA');
  });

  it('always closes what it opens on the same line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', '9', ' ', '.', 'م', '\n', '(', 'ქ') }), (text) => {
        for (const line of isolateRuns(text, 'rtl').split('\n')) {
          expect(line.split('\u2066').length).toBe(line.split('\u2069').length);
        }
      }),
    );
  });
});
