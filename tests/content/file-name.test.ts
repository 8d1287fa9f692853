import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isArticleFile, maxSlugLength, parseFileName, slugify, slugPattern } from '../../src/content/file-name.ts';

const languages = ['en', 'fa', 'zh-Hant'];

describe('parseFileName', () => {
  it.each([
    ['2023-04-09-tehran-talks.fa.md', 'tehran-talks', 'fa', '2023-04-09'],
    ['2023/04/tehran-talks.md', 'tehran-talks', null, null],
    ['Tehran Talks.FA.MD', 'tehran-talks', 'fa', null],
    ['talks.zh-hant.md', 'talks', 'zh-Hant', null],
    ['talks.de.md', 'talks', 'de', null],
    ['talks.old.md', 'talks-old', null, null],
    ['version-1.2.md', 'version-1-2', null, null],
    ['2023-04-09.md', '2023-04-09', null, null],
    ['2023-04-09_talks.md', 'talks', null, '2023-04-09'],
    ['_posts/2023-04-09-talks.markdown', 'talks', null, '2023-04-09'],
    ['posts/2023-04-09-talks/index.md', 'talks', null, '2023-04-09'],
    ['posts/talks/index.fa.md', 'talks', 'fa', null],
    ['2018-03-05-mines.html.markdown', 'mines', null, '2018-03-05'],
    ['index.md', 'index', null, null],
    ['Թեմա.md', '', null, null],
    ['Թեմա.fa.md', '', 'fa', null],
    ['.md', '', null, null],
  ])('reads %s', (path, slug, lang, date) => {
    expect(parseFileName(path, languages)).toMatchObject({ slug, lang, date, folderLang: null });
  });

  it.each([
    ['fa/posts/talks.md', 'fa'],
    ['posts/zh_hant/talks/index.md', 'zh-Hant'],
    ['fa/posts/talks.en.md', 'fa'],
    ['fa.md', null],
    ['de/talks.md', null],
  ])('finds the language that a folder of %s is named for', (path, folderLang) => {
    expect(parseFileName(path, languages).folderLang).toBe(folderLang);
  });
});

describe('isArticleFile', () => {
  it.each(['a.md', 'a/b.MD', '_posts/2023-04-09-a.markdown', 'a/index.md'])('takes %s', (path) => {
    expect(isArticleFile(path)).toBe(true);
  });

  it.each(['_index.md', 'posts/_index.fa.md', '_drafts/a.md', 'a.mdx', 'map.png', 'notes.txt'])('leaves %s', (path) => {
    expect(isArticleFile(path)).toBe(false);
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
