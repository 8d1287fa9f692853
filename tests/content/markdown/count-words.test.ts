import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countWords } from '../../../src/content/markdown/count-words.ts';

describe('countWords', () => {
  it.each([
    ['', 0],
    [' — … ! ', 0],
    ['One two, three.', 3],
    ['It’s a well-known road', 4],
    ["don't", 1],
    ['Երևանում հանդիպեցին', 2],
    ['می\u200Cروم به خانه', 3],
    ['საქართველო 2023', 2],
    ['cafe\u0301 noir', 2],
    ['See [the rail link](https://dispatch.example/a/b-c/?d=e "Title") now.', 5],
    ['![A map of Goris](maps/goris.png) and text', 6],
    ['[unclosed](https', 2],
    ['# Heading\n\n- one\n- **two**\n', 3],
  ])('counts the words of %j', (text, words) => {
    expect(countWords(text)).toBe(words);
  });

  it('counts as many as are joined with blanks', () => {
    const word = fc.stringMatching(/^[a-zա-ֆა-ჰ]{1,8}$/);
    fc.assert(fc.property(fc.array(word), (words) => countWords(words.join(' ')) === words.length));
  });
});
