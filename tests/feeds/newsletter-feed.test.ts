import { describe, expect, it } from 'vitest';
import { type FeedEdition, listFeeds, newsletterFeed } from '../../src/feeds/index.ts';
import type { Site } from '../../src/site.ts';
import { catalogOf, noon, parseFeed, renderAny, siteOf } from '../support/feed-fixtures.ts';

const options = { items: 2, days: 3, maxAge: 900, hubs: [] };
const weekly = { name: 'weekly', title: { en: 'The Week', fa: 'هفته' } };

function editionOf(key: string, changes: Partial<FeedEdition> = {}): FeedEdition {
  return {
    key,
    subject: `The week & ]]> ${key}`,
    sentAt: `${key.slice(0, 10)}T03:00:05.000Z`,
    html: '<p>Five stories.</p>',
    summary: 'Talks in Tehran, and four more.',
    url: `https://dispatch.example/newsletters/weekly/${key}`,
    ...changes,
  };
}

const keys = ['2023-03-24T0300Z', '2023-04-07T0300Z', '2023-03-31T0300Z'];

function feedOf(site: Site, lang = 'en') {
  const editions = keys.map((key) => editionOf(key));
  return newsletterFeed(site, lang, options, weekly, editions);
}

describe('newsletterFeed', () => {
  it('holds the newest editions, newest first, and is good in every format', () => {
    const feed = feedOf(siteOf());
    expect(feed).toMatchObject({
      id: 'tag:dispatch.example,2023:feeds/en/newsletters/weekly',
      path: '/newsletters/weekly/',
      title: 'The Caucasus Dispatch: The Week',
      pageUrl: 'https://dispatch.example/newsletters/weekly',
      updated: '2023-04-07T03:00:05.000Z',
      history: null,
      withdrawn: [],
    });
    const { rss, atom, json } = parseFeed(renderAny(feed));
    const ids = ['2023-04-07T0300Z', '2023-03-31T0300Z'].map(
      (key) => `tag:dispatch.example,2023:newsletters/weekly/${key}/en`,
    );
    expect(rss.items?.map((item) => item.guid?.value)).toEqual(ids);
    expect(atom.entries?.map((entry) => entry.id)).toEqual(ids);
    expect(json.items?.[0]).toMatchObject({
      id: ids[0],
      url: 'https://dispatch.example/newsletters/weekly/2023-04-07T0300Z',
      title: 'The week & ]]> 2023-04-07T0300Z',
      summary: 'Talks in Tehran, and four more.',
      content_html: '<p>Five stories.</p>',
      date_published: '2023-04-07T03:00:05.000Z',
      date_modified: '2023-04-07T03:00:05.000Z',
    });
  });

  it('has ids of its own in each language, whatever the host, with and without an authority', () => {
    for (const authority of ['dispatch.example,2023', null]) {
      const site = siteOf({ authority });
      const feeds = [feedOf(site), feedOf(site, 'fa')];
      const all = feeds.flatMap((feed) => [feed.id, ...feed.entries.map((entry) => entry.id)]);
      expect(new Set(all).size).toBe(6);
      for (const { id } of listFeeds(catalogOf([]), site, options, noon)) expect(all).not.toContain(id);
      const moved = siteOf({ authority, url: 'https://elsewhere.example', languages: ['en', 'fa'] });
      expect(feedOf(moved).entries.map((entry) => entry.id)).toEqual(feeds[0]?.entries.map((entry) => entry.id));
    }
    expect(feedOf(siteOf(), 'fa').title).toBe('پیک قفقاز: هفته');
  });

  it('is there while nothing has gone out', () => {
    const feed = newsletterFeed(siteOf(), 'en', options, weekly, []);
    expect(feed).toMatchObject({ entries: [], updated: '2000-01-01T00:00:00.000Z' });
    parseFeed(renderAny(feed));
  });
});
