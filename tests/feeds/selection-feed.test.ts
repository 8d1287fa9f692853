import { describe, expect, it } from 'vitest';
import type { Article } from '../../src/content/index.ts';
import { createSelectionFeed, type Feed, listFeeds, type Selection } from '../../src/feeds/index.ts';
import { articleOf, catalogOf, noon, parseFeed, renderAny, siteOf } from '../support/feed-fixtures.ts';

const site = siteOf();
const options = { items: 50, days: 3, maxAge: 900, hubs: ['https://hub.example/'] };
const articles = [
  articleOf({ slug: 'both', countries: ['armenia', 'georgia'] }),
  articleOf({ slug: 'georgian', countries: ['georgia'], topics: [] }),
  articleOf({ slug: 'armenian', countries: ['armenia'] }),
  articleOf({ slug: 'both', lang: 'fa', countries: ['armenia'] }),
];
const published = catalogOf(articles);

function select(selection: Partial<Selection>, lang = 'en', withdrawn: readonly Article[] = []): Feed {
  const whole = { countries: [], topics: [], authors: [], ...selection };
  return createSelectionFeed(site, options, lang, whole, catalogOf([...articles, ...withdrawn]), noon);
}

const ids = (feed: Feed | undefined): string[] | undefined => feed?.entries.map((entry) => entry.id);

describe('createSelectionFeed', () => {
  it('has its canonical address in every link, well-formed, and a title that says what it selects', () => {
    const feed = select({ countries: ['armenia', 'georgia'], topics: ['security'] });
    const query = 'country=armenia,georgia&topic=security';
    expect(feed).toMatchObject({
      id: `tag:dispatch.example,2023:feeds/en/select?${query}`,
      path: '/feeds/select/',
      title: 'The Caucasus Dispatch: Armenia, Georgia · Security',
      pageUrl: `https://dispatch.example/feeds/select?${query}`,
      history: null,
      // Nobody knows which selections somebody follows, so no hub is told of one.
      hubs: [],
    });
    const { rss, atom, json } = parseFeed(renderAny(feed));
    expect(rss.atom?.links?.[0]?.href).toBe(`https://dispatch.example/feeds/select/rss.xml?${query}`);
    expect(atom.links?.[1]?.href).toBe(`https://dispatch.example/feeds/select/atom.xml?${query}`);
    expect(json.feed_url).toBe(`https://dispatch.example/feeds/select/feed.json?${query}`);
    expect([rss.link, json.home_page_url]).toEqual([feed.pageUrl, feed.pageUrl]);
    expect(atom.id).toBe(feed.id);
  });

  it('holds each article once, in the feed’s own language', () => {
    const slugs = (feed: Feed): string[] => feed.entries.map((entry) => entry.url.replace(/^.*example/, ''));
    expect(slugs(select({ countries: ['armenia', 'georgia'], topics: ['security'] }))).toEqual([
      '/articles/armenian',
      '/articles/both',
    ]);
    const persian = select({ countries: ['armenia', 'georgia'], topics: ['security'] }, 'fa');
    expect(slugs(persian)).toEqual(['/fa/articles/both']);
    expect(persian).toMatchObject({ title: 'پیک قفقاز: ارمنستان، گرجستان · امنیت', path: '/fa/feeds/select/' });
  });

  it('of one key has the entries of that key’s feed, under an id and an address of its own', () => {
    const feeds = listFeeds(published, site, options, noon);
    for (const [selection, path] of [
      [{ countries: ['armenia'] }, '/countries/armenia/'],
      [{ topics: ['security'] }, '/topics/security/'],
      [{ authors: ['ana'] }, '/authors/ana/'],
    ] as const) {
      const own = feeds.find((feed) => feed.path === path);
      const feed = select(selection);
      expect(ids(feed)).toEqual(ids(own));
      expect(feed.title).toBe(own?.title);
      expect(feeds.map(({ id }) => id)).not.toContain(feed.id);
      expect(feeds.map(({ urls }) => urls.rss)).not.toContain(feed.urls.rss);
    }
  });

  it('has tombstones of what it would have held', () => {
    const gone = (id: string, country: string): Article =>
      articleOf({ id, slug: id, countries: [country], status: 'withdrawn', withdrawnAt: noon });
    const feed = select({ countries: ['armenia'] }, 'en', [gone('one', 'armenia'), gone('two', 'georgia')]);
    expect(feed.withdrawn).toEqual([{ id: 'one', at: noon }]);
  });
});
