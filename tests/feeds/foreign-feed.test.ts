import { describe, expect, it } from 'vitest';
import { parseForeignFeed } from '../../src/feeds/index.ts';
import { oldFeeds } from '../support/foreign-sites.ts';

function entriesOf(text: string) {
  const feed = parseForeignFeed(text);
  if (!('entries' in feed)) throw new Error(feed.message);
  return feed;
}

describe('parseForeignFeed', () => {
  it('reads RSS', () => {
    expect(entriesOf(oldFeeds.hugo)).toMatchObject({
      kind: 'rss',
      entries: [
        {
          guid: 'http://old.example/posts/dam/',
          url: 'http://old.example/posts/dam/',
          slug: null,
          title: 'The dam is full',
          date: '2023-04-08T00:00:00.000Z',
        },
        { title: 'سد پر شد' },
      ],
    });
  });

  it('reads Atom, taking the alternate link', () => {
    const entry = `<entry><id> tag:x:1 </id><title>A</title><link rel="edit" href="https://x.example/e"/><link href="https://x.example/a"/><updated>nonsense</updated></entry>`;
    expect(entriesOf(`<feed xmlns="http://www.w3.org/2005/Atom">${entry}</feed>`)).toEqual({
      kind: 'atom',
      entries: [{ guid: 'tag:x:1', url: 'https://x.example/a', slug: null, title: 'A', date: null }],
    });
    expect(entriesOf(oldFeeds.jekyll).entries[0]).toMatchObject({ date: '2019-05-03T14:30:00.000Z' });
  });

  it('reads WordPress’ export: posts and pages with their slugs, no attachments', () => {
    const { entries } = entriesOf(oldFeeds.wordpress);
    expect(entries.map(({ guid, slug }) => [guid, slug])).toEqual([
      ['http://old.example/?p=7&x=1', 'budget-passed'],
      ['http://old.example/?p=9', null],
    ]);
  });

  it('reads a sitemap, whose addresses stand for guids', () => {
    const sitemap =
      '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://x.example/a/</loc></url></urlset>';
    expect(entriesOf(sitemap)).toEqual({
      kind: 'sitemap',
      entries: [{ guid: 'https://x.example/a/', url: 'https://x.example/a/', slug: null, title: null, date: null }],
    });
  });

  it('keeps a guid’s bytes whether it is text or CDATA', () => {
    const item = (guid: string) =>
      `<rss><channel><item><guid isPermaLink="false">${guid}</guid></item></channel></rss>`;
    expect(entriesOf(item('http://x.example/?a=1&#038;p=%D8')).entries[0]?.guid).toBe('http://x.example/?a=1&p=%D8');
    expect(entriesOf(item('<![CDATA[http://x.example/?a=1&p=2]]>')).entries[0]?.guid).toBe('http://x.example/?a=1&p=2');
  });

  it.each(['<rss><channel></channel></rss>', '<rss/>', '<feed/>', '<urlset/>'])('finds no entry in %s', (text) => {
    expect(entriesOf(text).entries).toEqual([]);
  });

  it.each([
    '',
    'no feed',
    '{"version": 1}',
    '<html><body><p>No</p></body></html>',
    '<rss',
    '<a><b></a>',
    '<sitemapindex/>',
    '\0',
  ])('says in a sentence that %j is no feed', (text) => {
    expect(parseForeignFeed(text)).toEqual({ message: expect.stringMatching(/^It .*\.$/s) });
  });
});
