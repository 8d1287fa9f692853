import { describe, expect, it } from 'vitest';
import { digestContext } from '../../src/digest/digest-context.ts';
import { nameplateLines } from '../../src/digest/frame-context.ts';
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

  it('shows a picture from the narrowest file of its type with two pixels for each, where one was made', () => {
    const url = 'https://dispatch.example/articles/a/map.png';
    const image = { url, rasterUrl: url, alt: 'A map', width: 2400, height: 1200, type: 'image/png' };
    const stories = [storyOf(storyArticle({ slug: 'a', image }))];
    const sized = (width: number, type: string) => ({
      url: `${url}.w${width}.${type.slice(6)}`,
      width,
      height: width / 2,
      type,
      bytes: 1000,
    });
    const all = [1600, 960, 480].flatMap((width) => [sized(width, 'image/webp'), sized(width, 'image/png')]);
    const shown = (made: readonly ReturnType<typeof sized>[]) => {
      const pictureSizes = { [url]: made };
      const [story] = digestContext(
        { site: dispatchSite, newsletter: weekly, edition: dueEdition, stories, pictureSizes, lang: 'en' },
        theme,
      ).stories;
      return [story?.lead_picture, story?.picture].map((picture) => [picture?.url, picture?.width, picture?.height]);
    };
    expect(shown(all)).toEqual([
      [`${url}.w1600.png`, 600, 300],
      [`${url}.w960.png`, 420, 210],
    ]);
    // Too narrow or for browsers alone: its own file.
    expect(shown([sized(480, 'image/png'), sized(1600, 'image/webp')])).toEqual([
      [url, 600, 300],
      [url, 420, 210],
    ]);
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
