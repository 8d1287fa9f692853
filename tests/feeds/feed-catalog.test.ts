import { describe, expect, it } from 'vitest';
import { createSelectionFeed, type Feed, listFeeds } from '../../src/feeds/index.ts';
import { articleOf, catalogOf, noon, siteOf } from '../support/feed-fixtures.ts';

const options = { items: 50, days: 3, maxAge: 900, hubs: [] };

function feedAt(feeds: readonly Feed[], path: string): Feed {
  const feed = feeds.find((one) => one.path === path);
  if (!feed) throw new Error(`There is no feed at ${path}.`);
  return feed;
}

const slugs = (feed: Feed): string[] => feed.entries.map((entry) => entry.url.replace(/^.*\//, ''));

describe('listFeeds', () => {
  it('has home, each country, topic and author in each language, also while empty', () => {
    const feeds = listFeeds(catalogOf([]), siteOf(), options, noon);
    const sections = ['', 'countries/armenia/', 'countries/georgia/', 'topics/security/', 'authors/ana/'];
    expect(feeds.map((feed) => feed.path)).toEqual(['/', '/fa/'].flatMap((root) => sections.map((one) => root + one)));
    expect(new Set(feeds.map((feed) => feed.id)).size).toBe(10);
    for (const feed of feeds) expect(feed).toMatchObject({ entries: [], updated: '2000-01-01T00:00:00.000Z' });
  });

  it('has localised titles and absolute addresses', () => {
    const feeds = listFeeds(catalogOf([]), siteOf(), options, noon);
    expect(feedAt(feeds, '/').title).toBe('The Caucasus Dispatch');
    expect(feedAt(feeds, '/countries/armenia/').title).toBe('The Caucasus Dispatch: Armenia');
    expect(feedAt(feeds, '/fa/authors/ana/').title).toBe('پیک قفقاز: Ana Beridze');
    expect(feedAt(feeds, '/fa/countries/armenia/')).toMatchObject({
      title: 'پیک قفقاز: ارمنستان',
      pageUrl: 'https://dispatch.example/fa/countries/armenia',
      urls: {
        rss: 'https://dispatch.example/fa/countries/armenia/rss.xml',
        atom: 'https://dispatch.example/fa/countries/armenia/atom.xml',
        json: 'https://dispatch.example/fa/countries/armenia/feed.json',
      },
      image: 'https://dispatch.example/logo.png',
      maxAge: 900,
    });
  });

  it('puts an article into the feeds of its own language, countries, topics and authors', () => {
    const articles = [
      articleOf({ slug: 'one', countries: ['armenia', 'georgia'], topics: [] }),
      articleOf({ slug: 'two', countries: ['georgia'], authors: [{ key: null, name: 'Ana Beridze' }] }),
      articleOf({ slug: 'one', lang: 'fa', countries: ['armenia', 'armenia'] }),
      articleOf({ slug: 'three', lang: 'ka' }),
    ];
    const feeds = listFeeds(catalogOf(articles), siteOf(), options, noon);
    expect(slugs(feedAt(feeds, '/'))).toEqual(['one', 'two']);
    expect(slugs(feedAt(feeds, '/countries/armenia/'))).toEqual(['one']);
    expect(slugs(feedAt(feeds, '/countries/georgia/'))).toEqual(['one', 'two']);
    expect(slugs(feedAt(feeds, '/topics/security/'))).toEqual(['two']);
    expect(slugs(feedAt(feeds, '/authors/ana/'))).toEqual(['one']);
    expect(slugs(feedAt(feeds, '/fa/countries/armenia/'))).toEqual(['one']);
    for (const feed of feeds) expect(feed.entries.every((entry) => entry.lang === feed.lang)).toBe(true);
  });

  it('is newest first, and its time is the newest change of its entries', () => {
    const articles = [
      articleOf({ slug: 'old', date: '2023-04-01T00:00:00.000Z', updated: '2023-04-10T10:00:00.000Z' }),
      articleOf({ slug: 'new', date: '2023-04-09T00:00:00.000Z', updated: '2023-04-09T00:00:00.000Z' }),
    ];
    const home = feedAt(listFeeds(catalogOf(articles), siteOf(), options, noon), '/');
    expect(slugs(home)).toEqual(['new', 'old']);
    expect(home.updated).toBe('2023-04-10T10:00:00.000Z');
  });

  it('shows what came out late under an old date, also where much is newer', () => {
    const articles = Array.from({ length: 60 }, (_, day) =>
      articleOf({
        slug: `story-${day}`,
        date: `2023-0${day < 30 ? 1 : 2}-${String(1 + (day % 28)).padStart(2, '0')}T00:00:00.000Z`,
        publishedAt: '2023-03-01T00:00:00.000Z',
        countries: ['armenia'],
      }),
    );
    const late = articleOf({
      slug: 'late',
      date: '2022-12-01T00:00:00.000Z',
      publishedAt: '2023-04-10T11:00:00.000Z',
      countries: ['armenia'],
    });
    const published = catalogOf([...articles, late]);
    const feeds = listFeeds(published, siteOf(), options, noon);
    for (const path of ['/', '/countries/armenia/']) {
      expect(slugs(feedAt(feeds, path)).at(-1)).toBe('late');
      expect(slugs(feedAt(feeds, path))).toHaveLength(51);
    }
    const selection = { countries: ['armenia', 'georgia'], topics: [], authors: [] };
    expect(slugs(createSelectionFeed(siteOf(), options, 'en', selection, published, noon)).at(-1)).toBe('late');
    // When its days are over it goes.
    expect(slugs(feedAt(listFeeds(published, siteOf(), options, '2023-04-14T00:00:00.000Z'), '/'))).not.toContain(
      'late',
    );
  });

  it('shows an import, seen all at once, by date alone', () => {
    const articles = Array.from({ length: 60 }, (_, index) =>
      articleOf({
        slug: `story-${index}`,
        date: '2022-01-01T00:00:00.000Z',
        publishedAt: noon,
        countries: ['armenia'],
      }),
    );
    const imported = listFeeds(catalogOf(articles), siteOf(), options, noon);
    const later = listFeeds(catalogOf(articles), siteOf(), options, '2024-01-01T00:00:00.000Z');
    expect(slugs(feedAt(imported, '/countries/armenia/'))).toEqual(slugs(feedAt(later, '/countries/armenia/')));
    expect(slugs(feedAt(imported, '/countries/armenia/'))).toHaveLength(50);
  });

  it('has nothing of a draft, scheduled or withdrawn article', () => {
    const articles = [
      articleOf({ slug: 'draft', status: 'draft', publishedAt: null }),
      articleOf({ slug: 'scheduled', date: '2023-04-10T12:00:00.001Z', publishedAt: null }),
      articleOf({ slug: 'withdrawn', status: 'withdrawn' }),
      articleOf({ slug: 'back-to-draft', status: 'draft' }),
    ];
    const feeds = listFeeds(catalogOf(articles), siteOf(), options, noon);
    expect(feeds.flatMap((feed) => feed.entries)).toEqual([]);
  });

  it('gives equal feeds for equal arguments', () => {
    const articles = [articleOf({ slug: 'one' }), articleOf({ slug: 'two' })];
    const list = (): Feed[] => listFeeds(catalogOf(articles), siteOf(), options, noon);
    expect(list()).toEqual(list());
  });
});
