import { describe, expect, it } from 'vitest';
import { entryOf, parseFeed, renderFeed } from '../support/feed-fixtures.ts';

const hubs = ['https://hub.example/?a=1&b=2', 'https://other-hub.example/'];

const plain = {
  rss: `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
    <channel xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:georss="http://www.georss.org/georss" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en">
        <title>The Caucasus Dispatch</title>
        <link>https://dispatch.example/</link>
        <description>News from Armenia &#x26; around</description>
        <lastBuildDate>Sat, 01 Jan 2000 00:00:00 GMT</lastBuildDate>
        <docs>https://validator.w3.org/feed/docs/rss2.html</docs>
        <generator>Silkpost</generator>
        <language>en</language>
        <ttl>15</ttl>
        <image>
            <title>The Caucasus Dispatch</title>
            <url>https://dispatch.example/logo.png</url>
            <link>https://dispatch.example/</link>
        </image>
        <atom:link href="https://dispatch.example/rss.xml" rel="self" type="application/rss+xml"/>
    </channel>
</rss>`,
  atom: `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="en">
    <id>tag:dispatch.example,2023:feeds/en</id>
    <title>The Caucasus Dispatch</title>
    <updated>2000-01-01T00:00:00.000Z</updated>
    <generator>Silkpost</generator>
    <link rel="alternate" type="text/html" hreflang="en" href="https://dispatch.example/"/>
    <link rel="self" type="application/atom+xml" href="https://dispatch.example/atom.xml"/>
    <subtitle>News from Armenia &amp; around</subtitle>
    <author>
        <name>The Caucasus Dispatch</name>
        <uri>https://dispatch.example/</uri>
        <email>desk@dispatch.example</email>
    </author>
    <logo>https://dispatch.example/logo.png</logo>
    <icon>https://dispatch.example/icon.png</icon>
</feed>`,
};

describe('renderDocument', () => {
  it('writes a feed without archive, hub and withdrawal byte for byte as ever', () => {
    const { rss, atom } = renderFeed([]);
    expect({ rss, atom }).toEqual(plain);
  });

  it('names each hub in every format, beside exactly one self', () => {
    const documents = renderFeed([entryOf()], { hubs });
    const { rss, atom, json } = parseFeed(documents);
    expect(rss.atom?.links).toEqual([
      { href: 'https://dispatch.example/rss.xml', rel: 'self', type: 'application/rss+xml' },
      ...hubs.map((href) => ({ href, rel: 'hub' })),
    ]);
    expect(atom.links?.filter(({ rel }) => rel === 'hub')).toEqual(hubs.map((href) => ({ href, rel: 'hub' })));
    expect(json.hubs).toEqual(hubs.map((url) => ({ type: 'WebSub', url })));
    for (const format of ['rss', 'atom'] as const) expect(documents[format].match(/rel="self"/g)).toHaveLength(1);
    const frame = documents.atom.slice(0, documents.atom.indexOf('<entry'));
    expect(frame.match(/rel="alternate"/g)).toHaveLength(1);
  });

  it('keeps the items last, whatever stands before them', () => {
    const urls = { rss: 'https://d.example/r', atom: 'https://d.example/a', json: 'https://d.example/j' };
    const documents = renderFeed([entryOf()], {
      hubs,
      history: { current: urls, previous: urls, next: urls, isArchive: true },
      withdrawn: [{ id: 'tag:dispatch.example,2023:en/gone', at: '2023-04-10T08:00:00.000Z' }],
    });
    parseFeed(documents);
    expect(documents.rss).toMatch(/<\/item>\s*<\/channel>\s*<\/rss>$/);
    expect(documents.atom).toMatch(/<\/entry>\s*<\/feed>$/);
    expect(Object.keys(JSON.parse(documents.json)).at(-1)).toBe('items');
    for (const format of ['rss', 'atom'] as const) {
      for (const [, prefix] of documents[format].matchAll(/<([a-z]+):/g)) {
        expect(documents[format]).toContain(`xmlns:${prefix}=`);
      }
    }
  });

  it('has the wide picture as RSS image and Atom logo, the square one as icon', () => {
    const [logo, icon] = ['https://dispatch.example/logo.png', 'https://dispatch.example/icon.png'];
    const { rss, atom, json } = parseFeed(renderFeed([]));
    expect([rss.image?.url, rss.image?.title, rss.image?.link]).toEqual([logo, rss.title, rss.link]);
    expect([atom.logo, atom.icon]).toEqual([logo, icon]);
    expect([json.icon, json.favicon]).toEqual([icon, icon]);
    const without = parseFeed(renderFeed([], { icon: null }));
    expect([without.atom.icon, without.json.icon, without.json.favicon]).toEqual([undefined, logo, undefined]);
    const bare = parseFeed(renderFeed([], { icon: null, image: null }));
    expect([bare.rss.image, bare.atom.logo, bare.json.icon]).toEqual([undefined, undefined, undefined]);
  });
});
