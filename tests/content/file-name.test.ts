import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxSlugLength, parseFileName, slugify, slugPattern } from '../../src/content/file-name.ts';

const languages = ['en', 'fa', 'zh-Hant'];

describe('parseFileName', () => {
  it.each([
    ['2023-04-09-tehran-talks.fa.md', 'tehran-talks', 'fa'],
    ['2023/04/tehran-talks.md', 'tehran-talks', null],
    ['Tehran Talks.FA.MD', 'tehran-talks', 'fa'],
    ['talks.zh-hant.md', 'talks', 'zh-Hant'],
    ['talks.de.md', 'talks', 'de'],
    ['talks.old.md', 'talks-old', null],
    ['version-1.2.md', 'version-1-2', null],
    ['2023-04-09.md', '2023-04-09', null],
    ['2023-04-09_talks.md', 'talks', null],
    ['Թեմա.md', '', null],
    ['Թեմա.fa.md', '', 'fa'],
    ['.md', '', null],
  ])('reads %s', (path, slug, lang) => {
    expect(parseFileName(path, languages)).toEqual({ slug, lang });
  });
});

describe('slugify', () => {
  it('takes accents off and joins words with hyphens', () => {
    expect(slugify('  Crème Brûlée — à la carte! ')).toBe('creme-brulee-a-la-carte');
  });

  it('gives nothing or a valid slug for whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const slug = slugify(text);
        expect(slug === '' || slugPattern.test(slug)).toBe(true);
        expect(slug.length).toBeLessThanOrEqual(maxSlugLength);
        expect(slugify(slug)).toBe(slug);
      }),
    );
  });
});
