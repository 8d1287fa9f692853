import { describe, expect, it } from 'vitest';
import { entryOf, renderFeed } from '../../support/feed-fixtures.ts';

describe('jsonFeed', () => {
  it('has what JSON Feed 1.1 asks of a feed', () => {
    const feed: Record<string, unknown> = JSON.parse(renderFeed([]).json);
    expect(feed).toEqual({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'The Caucasus Dispatch',
      home_page_url: 'https://dispatch.example/',
      feed_url: 'https://dispatch.example/feed.json',
      description: 'News from Armenia & around',
      icon: 'https://dispatch.example/icon.png',
      favicon: 'https://dispatch.example/icon.png',
      language: 'en',
      authors: [{ name: 'The Caucasus Dispatch', url: 'https://dispatch.example/' }],
      items: [],
    });
  });

  it('has what it asks of an item, with nothing of version 1.0 and nothing empty', () => {
    const feed: { items: unknown[] } = JSON.parse(renderFeed([entryOf({ authors: [] }), entryOf()]).json);
    const item = {
      id: 'tag:dispatch.example,2023:en/tehran-talks',
      url: 'https://dispatch.example/articles/tehran-talks',
      title: 'Talks in Tehran',
      summary: 'What was said.',
      content_html: '<p>The full text.</p>',
      date_published: '2023-04-09T14:30:00.000Z',
      date_modified: '2023-04-10T08:00:00.000Z',
      tags: ['Armenia'],
      language: 'en',
    };
    expect(feed.items).toEqual([
      item,
      { ...item, authors: [{ name: 'Ana Beridze', url: 'https://dispatch.example/ana' }] },
    ]);
  });
});
