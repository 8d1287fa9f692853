import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstParagraph } from '../../../src/content/markdown/first-paragraph.ts';

describe('firstParagraph', () => {
  it.each([
    ['One line.\nGoes on.\n\nNext.', 'One line. Goes on.'],
    ['# Heading\n\nText.', 'Text.'],
    ['![A map](map.png "Map")\n\nText.', 'Text.'],
    ['{{< figure src="x" >}}\n\nText.', 'Text.'],
    ['<!-- a\n\nnote -->\nText.', 'Text.'],
    ['```\ncode\n```\nText.', 'Text.'],
    ['| a | b |\n|---|---|\n\nText.', 'Text.'],
    ['---\n\nText.', 'Text.'],
    ['<p>In <b>HTML</b>.</p>', 'In HTML .'],
    [
      'A [link](https://x.example/a), **bold** and *soft* `code` word_with_lines[^1].',
      'A link, bold and soft code word_with_lines.',
    ],
    ['[Ref link][1] and _so_ on \\*', 'Ref link and so on *'],
    ['> Said\n> she.', 'Said she.'],
    ['- first\n- second', 'first second'],
    ['2019. That was a year.', '2019. That was a year.'],
    ['سلام *دنیا*.', 'سلام دنیا.'],
    ['', ''],
    ['![only](a.png)', ''],
  ])('is, of %j, %j', (markdown, expected) => {
    expect(firstParagraph(markdown)).toBe(expected);
  });

  it('ends at a word and says that it goes on', () => {
    const text = firstParagraph('twelve words '.repeat(100));
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text).toMatch(/ (?:twelve|words)…$/);
    expect(firstParagraph('x'.repeat(1000))).toBe(`${'x'.repeat(299)}…`);
  });

  it('has nothing that turns the direction of what stands after it in a list', () => {
    expect(firstParagraph('A \u202egnp.exe\u2066 bridge\u0007 opens.')).toBe('A gnp.exe bridge opens.');
  });

  it('is one short well-formed line of whatever text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('`', '*', '_', '[', '](', '<', '\n', '😀'.repeat(200)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = firstParagraph(pieces.join(''));
        expect(text.length).toBeLessThanOrEqual(300);
        expect(text).not.toContain('\n');
        expect(text.isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
