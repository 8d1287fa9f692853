import { describe, expect, it } from 'vitest';
import { digestContext, nameplateLines } from '../../src/digest/digest-context.ts';
import { readTheme } from '../../src/digest/theme.ts';
import { dispatchSite, dueEdition, storyArticle, storyOf, templatesDir, weekly } from '../support/story-fixtures.ts';

const theme = await readTheme(templatesDir);

describe('digestContext', () => {
  it('strips private-use code points from everything that content says', () => {
    const story = storyOf(storyArticle({ slug: 'a', title: 'T\uE000i\uF8FF', sources: [{ title: '\uE011s' }] }));
    const site = { ...dispatchSite, title: { en: 'The\uE020 Dispatch' } };
    const { stories, site: shown } = digestContext(
      { site, newsletter: weekly, edition: dueEdition, stories: [story], lang: 'en' },
      theme,
    );
    expect(stories[0]).toMatchObject({ title: 'Ti', sources: ['s'] });
    expect(shown.lines).toEqual(['The', 'Dispatch']);
  });

  it('falls back to the publication’s first language, then to what there is', () => {
    const english = storyArticle({ slug: 'a', title: 'English' });
    const georgian = { ...english, id: 'ka', lang: 'ka', title: 'ქართული' };
    const titles = (lang: string, story: ReturnType<typeof storyOf>): string | undefined =>
      digestContext({ site: dispatchSite, newsletter: weekly, edition: dueEdition, stories: [story], lang }, theme)
        .stories[0]?.title;
    expect(titles('fa', storyOf(georgian, english))).toBe('English');
    expect(titles('fa', storyOf(georgian))).toBe('ქართული');
    expect(titles('ka', storyOf(english, georgian))).toBe('ქართული');
  });

  it('puts countries in the order of the reader’s alphabet, whatever the article’s', () => {
    const stories = [storyOf(storyArticle({ slug: 'a', countries: ['iran', 'armenia'] }))];
    const title = (lang: string): string | undefined =>
      digestContext({ site: dispatchSite, newsletter: weekly, edition: dueEdition, stories, lang }, theme).groups[0]
        ?.title;
    expect(title('en')).toBe('Armenia and Iran');
    expect(title('hy')).toBe('Իրան և Հայաստան');
  });

  it('tells the day in the newsletter’s zone', () => {
    const edition = { key: 'k', dueAt: '2026-11-27T21:30:00.000Z' };
    const input = { site: dispatchSite, newsletter: weekly, edition, stories: [], lang: 'en' };
    expect(digestContext(input, theme).edition.date.main).toBe('Saturday 28 November 2026');
  });
});

describe('nameplateLines', () => {
  it('breaks a title where its lines are most alike', () => {
    expect(nameplateLines('The Caucasus Dispatch')).toEqual(['The Caucasus', 'Dispatch']);
    expect(nameplateLines('Dispatch')).toEqual(['Dispatch']);
  });
});
