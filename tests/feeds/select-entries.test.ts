import { describe, expect, it } from 'vitest';
import type { Instant } from '../../src/clock.ts';
import type { Article } from '../../src/content/index.ts';
import { listFeeds } from '../../src/feeds/index.ts';
import { selectEntries } from '../../src/feeds/select-entries.ts';
import { articleOf, catalogOf, noon, siteOf } from '../support/feed-fixtures.ts';

const dates = [
  '2023-04-10T11:00:00.000Z',
  '2023-04-08T00:00:00.000Z',
  '2023-04-07T12:00:00.000Z',
  '2023-04-01T00:00:00.000Z',
  '2023-03-01T00:00:00.000Z',
];
const articles = dates.map((date, index) => articleOf({ slug: `s${index}`, date }));
const select = (items: number, days: number): string[] =>
  selectEntries(articles, { items, days }, noon).map((article) => article.slug);

/** The same, with the oldest one corrected. */
const corrected = (updated: Instant): Article[] =>
  articles.map((article) => (article.slug === 's4' ? articleOf({ ...article, updated }) : article));

describe('selectEntries', () => {
  it('takes at least so many', () => {
    expect(select(4, 0)).toEqual(['s0', 's1', 's2', 's3']);
    expect(select(50, 0)).toHaveLength(5);
  });

  it('takes all of the last days, the limit’s own instant included', () => {
    expect(select(1, 3)).toEqual(['s0', 's1', 's2']);
    expect(select(0, 400)).toHaveLength(5);
  });

  it('takes nothing from nothing', () => {
    expect(selectEntries([], { items: 50, days: 3 }, noon)).toEqual([]);
  });

  it('takes an old article that was corrected in these days, in the place of its date', () => {
    const slugs = (updated: Instant): string[] =>
      selectEntries(corrected(updated), { items: 1, days: 3 }, noon).map((article) => article.slug);
    expect(slugs('2023-04-07T12:00:00.000Z')).toEqual(['s0', 's1', 's2', 's4']);
    expect(slugs('2023-04-07T11:59:59.999Z')).toEqual(['s0', 's1', 's2']);
    // A change dated ahead would never leave again.
    expect(slugs('2099-01-01T00:00:00.000Z')).toEqual(['s0', 's1', 's2']);
  });

  it('takes what must be there, once', () => {
    const always = new Set([articles[0]?.id ?? '', articles[3]?.id ?? '', 'unknown']);
    const found = selectEntries(articles, { items: 1, days: 0 }, noon, always);
    expect(found.map((article) => article.slug)).toEqual(['s0', 's3']);
  });
});

describe('listFeeds', () => {
  it('takes the same window for each section', () => {
    const own = corrected('2023-04-10T10:00:00.000Z').map((article, index) =>
      articleOf({ ...article, countries: index % 2 === 0 ? ['armenia'] : ['georgia'], topics: [] }),
    );
    for (const [items, days] of [
      [1, 3],
      [2, 0],
      [0, 2],
      [0, 0],
    ] as const) {
      const options = { items, days, maxAge: 900, hubs: [] };
      const published = catalogOf(own);
      const feeds = listFeeds(published, siteOf(), options, noon);
      for (const key of ['armenia', 'georgia']) {
        const feed = feeds.find(({ path }) => path === `/countries/${key}/`);
        const inSection = published.articles.filter((article) => article.countries.includes(key));
        expect(feed?.entries.map(({ id }) => id)).toEqual(selectEntries(inSection, options, noon).map(({ id }) => id));
      }
    }
  });
});
