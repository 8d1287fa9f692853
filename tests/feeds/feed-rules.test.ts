import { describe, expect, it } from 'vitest';
import type { FeedFormat } from '../../src/feeds/index.ts';
import { entryOf, renderFeed } from '../support/feed-fixtures.ts';
import { judgeFeed } from '../support/feed-rules.ts';

const entries = [
  entryOf({
    image: { url: 'https://dispatch.example/a.png', type: 'image/png', bytes: 5, alt: 'A map' },
    html: '<p>See <a href="https://dispatch.example/b">this</a>.</p>',
  }),
  entryOf({ id: 'tag:dispatch.example,2023:en/older', published: '2023-04-01T00:00:00.000Z' }),
];
const documents = renderFeed(entries);

/** What one change makes of a good document, and a word of the violation that it must lead to. */
const faults: readonly (readonly [FeedFormat, string, string | RegExp, string, string])[] = [
  ['rss', 'a relative address in the text', 'href="https://dispatch.example/b"', 'href="/b"', 'links to "/b"'],
  ['rss', 'a script address', 'href="https://dispatch.example/b"', 'href="javascript:x"', 'links to'],
  ['rss', 'an unclosed element', '<p>See', '<p><em>See', '</p> closes <em>'],
  ['rss', 'a handler', '<p>See', '<p onclick="x">See', 'holds onclick'],
  ['rss', 'a script', '<p>See', '<script></script><p>See', 'holds <script>'],
  ['rss', 'a control character', 'Talks in', 'Talks \u0008 in', 'can’t be shown'],
  ['rss', 'a reference to one', 'Talks in', 'Talks &#x8; in', 'XML forbids'],
  ['rss', 'a guid that says to be an address', 'isPermaLink="false"', 'isPermaLink="true"', 'isPermaLink'],
  ['rss', 'a guid twice', 'en/older<', 'en/tehran-talks<', 'twice'],
  ['rss', 'an ISO date', /<pubDate>[^<]*/, '<pubDate>2023-04-09T14:30:00Z', 'has no date'],
  ['rss', 'a wrong weekday', /<pubDate>Sun/, '<pubDate>Mon', 'has no date'],
  ['rss', 'entries in the wrong order', /<pubDate>Sun, 09 Apr 2023/, '<pubDate>Sun, 09 Apr 2000', 'newer'],
  ['rss', 'an enclosure without length', / length="5"/, '', 'enclosure'],
  ['rss', 'two enclosures', /<enclosure [^>]*>/, '$&$&', '2 of enclosure'],
  ['rss', 'no link to itself', /<atom:link [^>]*>/, '', '0 of atom:link self'],
  ['rss', 'an unknown element', '<item>', '<item><author>Ana</author>', 'holds <author>'],
  ['rss', 'a prefix without a namespace', /xmlns:dc="[^"]*"/, '', 'prefix without'],
  ['rss', 'elements after the items', '</channel>', '<copyright>x</copyright></channel>', 'goes on after'],
  ['rss', 'a language that is none', '<language>en', '<language>english_', 'language'],
  ['rss', 'an unclosed document', '</channel>', '', 'isn’t XML'],
  ['atom', 'two ids', /<id>[^<]*<\/id>/, '$&$&', '2 of id'],
  ['atom', 'an id that is no IRI', /<id>[^<]*<\/id>/, '<id>home</id>', 'no IRI'],
  ['atom', 'an RFC 822 date', /<updated>[^<]*/, '<updated>Sun, 09 Apr 2023 14:30:00 GMT', 'has no date'],
  ['atom', 'a day that isn’t there', /<updated>[^<]*/, '<updated>2023-02-30T00:00:00Z', 'has no date'],
  ['atom', 'a year of five digits', /<updated>[^<]*/, '<updated>+010000-01-01T00:00:00.000Z', 'has no date'],
  ['atom', 'a relative link', 'href="https://dispatch.example/atom.xml"', 'href="/atom.xml"', 'links to /atom.xml'],
  ['atom', 'no link to itself', 'rel="self"', 'rel="related"', 'no single link to itself'],
  ['atom', 'no author', /<author>.*?<\/author>/gs, '', 'has no author'],
  ['atom', 'two alternates', /<link rel="alternate" [^>]*>/, '$&$&', 'two alternates'],
  ['atom', 'a category without a term', 'term="country:armenia"', '', 'without a term'],
  ['atom', 'an archive that leads nowhere', '<id>', '<fh:archive xmlns:fh="x"/><id>', 'without a link to the current'],
  [
    'atom',
    'a tombstone of what is there',
    '<id>',
    '<at:deleted-entry xmlns:at="x" ref="tag:dispatch.example,2023:en/older" when="2023-04-09T00:00:00Z"/><id>',
    'names an entry that is there',
  ],
  ['json', 'an older version', 'version/1.1', 'version/1', 'version 1.1'],
  ['json', 'an id that is a number', '"id": "tag:dispatch.example,2023:en/older"', '"id": 5', 'has no id'],
  ['json', 'an unknown key', '"title"', '"atom:link": "x", "title"', 'has the key atom:link'],
  ['json', 'an empty tag', '"Armenia"', '""', 'empty tag'],
  ['json', 'a relative picture', '"image": "https://dispatch.example', '"image": "', 'no absolute URL'],
  ['json', 'a comma too many', '"items": [', '"items": [,', 'isn’t JSON'],
];

describe('judgeFeed', () => {
  it('finds nothing in good documents', () => {
    for (const format of ['rss', 'atom', 'json'] as const) {
      expect(judgeFeed(format, documents[format])).toEqual({ entries: 2, violations: [] });
    }
  });

  it.each(faults)('finds in %s %s', (format, _fault, pattern, replacement, word) => {
    const changed = documents[format].replace(pattern, replacement);
    expect(changed).not.toBe(documents[format]);
    expect(judgeFeed(format, changed).violations.join('\n')).toContain(word);
  });
});
