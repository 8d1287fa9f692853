import { describe, expect, it } from 'vitest';
import { type FeedEditionInput, feedEdition, storiesShown } from '../../src/digest/feed-edition.ts';
import { unarranged } from '../../src/digest/index.ts';
import { createLocale } from '../../src/i18n/index.ts';
import { articleOf, catalogOf, noon, siteOf } from '../support/feed-fixtures.ts';

const original = articleOf({ slug: 'talks', storySlug: 'talks', title: 'Talks' });
const other = articleOf({ slug: 'bridge', storySlug: 'bridge', title: 'A bridge' });
/** A translation with an address of its own. */
const translation = articleOf({ lang: 'fa', slug: 'goftogu', storySlug: 'talks', title: 'گفت‌وگو' });
const withdrawn = articleOf({ ...translation, status: 'withdrawn' });

const story = ({ lang, title }: typeof original, summary: string, { id } = original) => ({
  storyKey: id,
  lang,
  title,
  summary,
});
const persian = { lang: 'fa', stories: [story(translation, 'خلاصه'), story(other, 'Open.', other)] };
const english = { lang: 'en', stories: [story(original, 'They talked.'), story(other, 'Open.', other)] };

const titlesOf = (some: readonly { readonly title: string }[] | null): string[] | undefined =>
  some?.map(({ title }) => title);

function editionIn(lang: string, published: FeedEditionInput['published']) {
  const edition = {
    newsletter: 'weekly',
    key: '2023-04-07T0300Z',
    dueAt: noon,
    arrangement: unarranged,
    frozenAt: noon,
  };
  const site = siteOf();
  return feedEdition({
    site,
    lang,
    locale: createLocale(lang, site.timezone),
    edition,
    texts: [english, persian],
    published,
  });
}

describe('storiesShown', () => {
  it('has a translation with a slug of its own until it is withdrawn, and the original after that too', () => {
    const there = catalogOf([original, other, translation]);
    expect(titlesOf(storiesShown(persian, there))).toEqual(['گفت‌وگو', 'A bridge']);
    const gone = catalogOf([original, other, withdrawn]);
    expect(titlesOf(storiesShown(persian, gone))).toEqual(['A bridge']);
    expect(titlesOf(storiesShown(english, gone))).toEqual(['Talks', 'A bridge']);
  });

  it('has a story that was never translated, and one whose translation is back under another slug', () => {
    const untranslated = { lang: 'fa', stories: [story(original, 'They talked.')] };
    expect(titlesOf(storiesShown(untranslated, catalogOf([original, other])))).toEqual(['Talks']);
    expect(titlesOf(storiesShown(untranslated, catalogOf([original, translation])))).toEqual(['Talks']);
    const again = articleOf({ ...translation, slug: 'mozakere', id: 'tag:dispatch.example,2023:fa/mozakere' });
    const published = catalogOf([original, other, withdrawn, again]);
    expect(titlesOf(storiesShown(persian, published))).toEqual(['گفت‌وگو', 'A bridge']);
  });

  it('has nothing of a text in another language than the edition’s once that one is withdrawn', () => {
    const third = articleOf({ lang: 'hy', slug: 'talks', storySlug: 'talks', title: 'Բանակցություններ' });
    const turkish = { lang: 'tr', stories: [story(third, '…')] };
    expect(titlesOf(storiesShown(turkish, catalogOf([original, third])))).toEqual(['Բանակցություններ']);
    const taken = articleOf({ ...third, status: 'withdrawn' });
    expect(storiesShown(turkish, catalogOf([original, taken]))).toBeNull();
  });
});

describe('feedEdition', () => {
  it('says nothing of a withdrawn translation with a slug of its own in its language', () => {
    const there = editionIn('fa', catalogOf([original, other, translation]));
    expect(there).toMatchObject({ subject: expect.stringContaining('گفت‌وگو') });
    expect(there?.html).toContain('خلاصه');
    const published = catalogOf([original, other, withdrawn]);
    const edition = editionIn('fa', published);
    expect(JSON.stringify(edition)).not.toMatch(/گفت‌وگو|خلاصه/);
    expect(edition?.html).toContain('A bridge');
    expect(editionIn('en', published)?.html).toContain('They talked.');
  });

  it('is null where nothing else is left', () => {
    const published = catalogOf([original, withdrawn]);
    expect(editionIn('fa', published)).toBeNull();
  });
});
