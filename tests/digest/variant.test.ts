import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  assembleVariant,
  type EditionPieces,
  fillSlots,
  renderPieces,
  renderWebVersion,
  slotMark,
} from '../../src/digest/index.ts';
import { shorten } from '../../src/digest/variant.ts';
import { nestingFault, webView, wordView } from '../support/html-balance.ts';
import { dispatchSite, dueEdition, templatesDir, weekly, weekOfStories } from '../support/story-fixtures.ts';

const stories = weekOfStories();
const keys = stories.map((story) => story.key);
const keyOf = (slug: string): string => `tag:dispatch.example,2023:en/${slug}`;
const pieces = new Map<string, EditionPieces>();

beforeAll(async () => {
  for (const lang of ['en', 'ru', 'fa']) {
    pieces.set(
      lang,
      await renderPieces({ site: dispatchSite, newsletter: weekly, edition: dueEdition, stories, lang, templatesDir }),
    );
  }
});

function piecesOf(lang: string): EditionPieces {
  const found = pieces.get(lang);
  if (!found) throw new Error(`no pieces in ${lang}`);
  return found;
}

describe('assembleVariant', () => {
  it('keeps tags and conditional comments nested for every choice and order of stories', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: 1 }), fc.constantFrom('en', 'fa'), (chosen, lang) => {
        const { html, text, storyKeys } = assembleVariant(piecesOf(lang), chosen);
        expect(nestingFault(webView(html))).toBeNull();
        expect(nestingFault(wordView(html))).toBeNull();
        expect(html.match(/<!--\[if /g)?.length).toBe(html.match(/<!\[endif\]-->/g)?.length);
        expect(storyKeys.toSorted()).toEqual(chosen.toSorted());
        expect(storyKeys[0]).toBe(chosen[0]);
        expect(html).not.toMatch(/\uE0FF|\uE010|\uE011|\uE012|\uE020|\uE021/);
        expect(text).not.toMatch(/\uE0FF|\uE010|\uE011|\uE012|\uE020|\uE021|<!--/);
        for (const slot of ['unsubscribeUrl', 'preferencesUrl'] as const) {
          expect(html.split(slotMark(slot))).toHaveLength(2);
          expect(text.split(slotMark(slot))).toHaveLength(2);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows each chosen story once and no other', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: 1 }), (chosen) => {
        const { text } = assembleVariant(piecesOf('en'), chosen);
        for (const { key, original } of stories) {
          const headings = text.split(`${original.title}\n`).length - 1;
          expect(headings).toBe(chosen.includes(key) ? 1 : 0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same variant for what it says it shows', () => {
    const variant = assembleVariant(piecesOf('en'), keys.toReversed());
    expect(assembleVariant(piecesOf('en'), variant.storyKeys)).toEqual(variant);
  });

  it('counts the variant’s own stories, with the language’s plural', () => {
    expect(assembleVariant(piecesOf('en'), keys).text).toContain('8 stories · 1 minute');
    expect(assembleVariant(piecesOf('en'), keys.slice(0, 1)).html).toContain('1 story · 1 minute');
    expect(assembleVariant(piecesOf('ru'), keys.slice(0, 3)).text).toContain('3 материала · 1 минута');
    expect(assembleVariant(piecesOf('ru'), keys.slice(0, 5)).text).toContain('5 материалов · 1 минута');
    expect(assembleVariant(piecesOf('fa'), keys).html).toContain('۸ خبر · ۱ دقیقه');
  });

  it('names the sources of its own stories only, and drops the record where there are none', () => {
    expect(assembleVariant(piecesOf('en'), [keyOf('prisoners')]).html).not.toContain('Ministry of Foreign Affairs');
    expect(assembleVariant(piecesOf('en'), [keyOf('court')]).html).not.toContain('For the record');
    expect(assembleVariant(piecesOf('en'), [keyOf('candidate')]).html).not.toContain('Sources in this edition');
  });

  it('opens a group of several stories with the first one’s picture', () => {
    const two = assembleVariant(piecesOf('en'), [keyOf('talks'), keyOf('prisoners'), keyOf('court')]).html;
    expect(two).toContain('width="420"');
    expect(assembleVariant(piecesOf('en'), [keyOf('talks'), keyOf('prisoners')]).html).not.toContain('width="420"');
  });

  it('previews the stories after the lead, or a lone one’s summary', () => {
    expect(assembleVariant(piecesOf('en'), keys.slice(0, 3)).preheader).toBe(
      'Baku and Yerevan agree to release prisoners · Title of court',
    );
    const alone = assembleVariant(piecesOf('en'), keys.slice(0, 1));
    expect(alone.preheader).toBe('The secretaries of two security councils met in Tehran on Sunday.');
    expect(alone.html).toContain(`${alone.preheader}&#847;`);
  });

  it('cuts a long subject at a word', () => {
    const [first, ...rest] = piecesOf('en').stories;
    const long = { ...piecesOf('en'), stories: first ? [{ ...first, title: 'word '.repeat(40) }, ...rest] : [] };
    expect(assembleVariant(long, keys.slice(0, 1)).subject).toMatch(/^(word ){10,17}word…$/);
  });

  it('warns from 80 KB and refuses above 95 KB, naming the longest stories', () => {
    const grown = (bytes: number): EditionPieces => ({
      ...piecesOf('en'),
      stories: piecesOf('en').stories.map((story) =>
        story.storyKey === keyOf('court')
          ? { ...story, item: { html: story.item.html + 'x'.repeat(bytes), text: '' } }
          : story,
      ),
    });
    expect(assembleVariant(piecesOf('en'), keys).sizeWarning).toBeNull();
    const size = Buffer.byteLength(assembleVariant(piecesOf('en'), keys).html);
    expect(assembleVariant(grown(82_000 - size), keys).sizeWarning).toMatch(/^82 KB of HTML/);
    expect(() => assembleVariant(grown(96_000 - size), keys)).toThrow(/96 KB.*“Title of court”/);
  });

  it('refuses an empty choice and a story that the edition lacks', () => {
    expect(() => assembleVariant(piecesOf('en'), [])).toThrow(/at least one story/);
    expect(() => assembleVariant(piecesOf('en'), ['urn:uuid:0'])).toThrow(/doesn't hold the story urn:uuid:0/);
  });
});

describe('renderWebVersion', () => {
  it('leaves out what only a mail says', () => {
    const html = renderWebVersion(piecesOf('en'), keys);
    expect(html).not.toMatch(/[\uE000-\uF8FF]|Unsubscribe|because you asked/);
    expect(html).toContain('1 Example Lane, 0100 Tbilisi, Georgia');
    expect(nestingFault(webView(html))).toBeNull();
  });
});

describe('fillSlots', () => {
  it('escapes a link for HTML and leaves it as it is in the text', () => {
    const variant = assembleVariant(piecesOf('en'), keys.slice(0, 1));
    const filled = fillSlots(variant, {
      unsubscribeUrl: 'https://a.example/?a=1&b=2',
      preferencesUrl: 'https://a.example/p',
    });
    expect(filled.html).toContain('href="https://a.example/?a=1&#38;b=2"');
    expect(filled.text).toContain('\nhttps://a.example/?a=1&b=2\n');
  });

  it('writes what a pattern would replace as it is', () => {
    const variant = assembleVariant(piecesOf('en'), keys.slice(0, 1));
    const { text } = fillSlots(variant, { unsubscribeUrl: 'https://a.example/$$/$&', preferencesUrl: '' });
    expect(text).toContain('\nhttps://a.example/$$/$&\n');
  });
});

describe('shorten', () => {
  it('counts letters as readers see them and keeps what fits', () => {
    expect(shorten('e\u0301'.repeat(5), 5)).toBe('e\u0301'.repeat(5));
    expect(shorten('one two three', 9)).toBe('one two…');
    expect(shorten('  a \n b ', 10)).toBe('a b');
  });

  it('never ends longer than asked', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => [...new Intl.Segmenter().segment(shorten(text, 20))].length <= 20,
      ),
    );
  });
});
