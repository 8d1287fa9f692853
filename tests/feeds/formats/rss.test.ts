import { describe, expect, it } from 'vitest';
import { entryOf, parseFeed, renderFeed } from '../../support/feed-fixtures.ts';

describe('rss', () => {
  it('has what RSS 2.0 and the RSS Board’s profile ask of a channel', () => {
    const { rss } = parseFeed(renderFeed([entryOf()]));
    expect(rss).toMatchObject({
      title: 'The Caucasus Dispatch',
      link: 'https://dispatch.example/',
      description: 'News from Armenia & around',
      language: 'en',
      ttl: 15,
      lastBuildDate: 'Mon, 10 Apr 2023 08:00:00 GMT',
      image: {
        url: 'https://dispatch.example/logo.png',
        title: 'The Caucasus Dispatch',
        link: 'https://dispatch.example/',
      },
      atom: { links: [{ href: 'https://dispatch.example/rss.xml', rel: 'self', type: 'application/rss+xml' }] },
    });
  });

  it('has what they ask of an item, with the summary before the full text', () => {
    const documents = renderFeed([entryOf()]);
    expect(parseFeed(documents).rss.items?.[0]).toEqual({
      title: 'Talks in Tehran',
      link: 'https://dispatch.example/articles/tehran-talks',
      guid: { value: 'tag:dispatch.example,2023:en/tehran-talks', isPermaLink: false },
      pubDate: 'Sun, 09 Apr 2023 14:30:00 GMT',
      description: 'What was said.',
      content: { encoded: '<p>The full text.</p>' },
      categories: [{ name: 'Armenia' }],
      dc: { creators: ['Ana Beridze'], languages: ['en'] },
      atom: { updated: '2023-04-10T08:00:00.000Z' },
    });
    expect(documents.rss.indexOf('<description><![CDATA[')).toBeLessThan(documents.rss.indexOf('<content:encoded>'));
  });

  it('writes & and < in plain text as hexadecimal references and leaves CDATA alone', () => {
    const { rss } = renderFeed([entryOf({ title: 'A & B < C', html: '<p>D &amp; E &lt; F</p>' })]);
    expect(rss).toContain('<title>A &#x26; B &#x3C; C</title>');
    expect(rss).toContain('<![CDATA[<p>D &amp; E &lt; F</p>]]>');
  });

  it('writes & in addresses as &amp;, the one way that all readers decode there', () => {
    const address = (path: string): string => `https://dispatch.example/${path}?a=1&b=2`;
    const feed = {
      pageUrl: address('page'),
      urls: { rss: address('rss'), atom: address('atom'), json: address('json') },
    };
    const audio = { url: address('talk.mp3'), type: 'audio/mpeg', length: 5 };
    const image = { url: address('map.png'), type: 'image/png', alt: 'A & B' };
    const { rss } = renderFeed([entryOf({ id: address('id'), url: address('story'), audio, image })], feed);
    for (const path of ['page', 'rss', 'talk.mp3', 'map.png', 'id', 'story']) {
      expect(rss).toContain(`https://dispatch.example/${path}?a=1&amp;b=2`);
    }
    expect(rss).toContain('A &#x26; B');
    expect(rss).not.toContain('1&#x26;b');
  });

  it('describes the picture with size, alternative text and credit, and the place', () => {
    const { rss } = parseFeed(
      renderFeed([
        entryOf({
          image: {
            url: 'https://dispatch.example/map.png',
            type: 'image/png',
            alt: 'A map',
            credit: 'The desk',
            width: 1200,
            height: 800,
            bytes: 4711,
          },
          place: { name: 'Tehran', lat: 35.6892, lon: 51.389 },
        }),
      ]),
    );
    expect(rss.items?.[0]?.media?.contents).toEqual([
      {
        url: 'https://dispatch.example/map.png',
        medium: 'image',
        type: 'image/png',
        fileSize: 4711,
        width: 1200,
        height: 800,
        description: { value: 'A map', type: 'plain' },
        credits: [{ value: 'The desk' }],
      },
    ]);
    expect(rss.items?.[0]?.georss?.point).toEqual({ lat: 35.6892, lng: 51.389 });
  });
});
