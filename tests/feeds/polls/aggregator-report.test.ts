import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAggregatorReport } from '../../../src/feeds/polls/aggregator-report.ts';

const reporting: readonly (readonly [agent: string, name: string, feedId: string, subscribers: number])[] = [
  ['Feedly/1.0 (+http://www.feedly.com/fetcher.html; 457 subscribers; like FeedFetcher-Google)', 'Feedly', '', 457],
  ['Feedly/1.0 (+http://www.feedly.com/fetcher.html; 1 subscribers; like FeedFetcher-Google)', 'Feedly', '', 1],
  ['Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 26 subscribers; )', 'Inoreader', '', 26],
  [
    'Mozilla/5.0 (compatible; inoreader.com-like FeedFetcher-Google; 12 subscribers; +https://www.inoreader.com)',
    'Inoreader',
    '',
    12,
  ],
  ['Feedbin feed-id:1373711 - 142 subscribers', 'Feedbin', '1373711', 142],
  ['Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 6 subscribers)', 'BazQux', '', 6],
  [
    'Mozilla/5.0 (compatible; theoldreader.com; 5 subscribers; feed-id=525fb1a9ad0b0ba0ad000123)',
    'The Old Reader',
    '525fb1a9ad0b0ba0ad000123',
    5,
  ],
  [
    'NewsBlur Feed Fetcher - 3 subscribers - http://www.newsblur.com/site/1234/dispatch (Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_3) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/56.0.2924.87 Safari/537.36)',
    'NewsBlur',
    '1234',
    3,
  ],
  ['Bloglovin/1.0 (http://www.bloglovin.com; 23 subscribers)', 'Bloglovin’', '', 23],
  ['YandexBlogs/0.99 (compatible; DOS3.30; Mozilla/5.0; B; robot) 31 readers', 'Yandex', '', 31],
  ['Netvibes (http://www.netvibes.com/; 5 subscribers; feedId: 132452)', 'Netvibes', '132452', 5],
  [
    'LiveJournal.com (webmaster@livejournal.com; for http://www.livejournal.com/users/x/; 42 readers)',
    'LiveJournal',
    '',
    42,
  ],
  [
    'Feedfetcher-Google; (+http://www.google.com/feedfetcher.html; 2 subscribers; feed-id=6924676383167400434)',
    'Feedfetcher-Google',
    '6924676383167400434',
    2,
  ],
  ['Overcast/1.0 Podcast Sync (1190 subscribers; feed-id=554901; +http://overcast.fm/)', 'Overcast', '554901', 1190],
  ['Feed Wrangler/1.0 (8 subscribers; feed-id=99; http://feedwrangler.net)', 'Feed Wrangler', '99', 8],
  ['Rojo 1.0 (http://www.rojo.com/; Aggregating on behalf of 7 subscriber(s) online)', 'Rojo', '', 7],
  ['Zhuaxia.com 2 Subscribers', 'Zhuaxia.com', '', 2],
  ['Own Reader/2 (0 users)', 'Own Reader', '', 0],
];

const silent = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.6.1',
  'FreshRSS/1.23.1 (Linux; https://freshrss.org)',
  'Mozilla/5.0 (compatible; Miniflux/2.2.3; +https://miniflux.app)',
  'Tiny Tiny RSS/21.01 (http://tt-rss.org/)',
  'Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)',
  'Feedly/1.0 (-5 subscribers)',
  'Feedly/1.0 (1.5 subscribers)',
  'Feedly/1.0 (1e9 subscribers)',
  'Feedly/1.0 (999999999 subscribers)',
  'Feedly/1.0 (1,000 subscribersx)',
  'v12 subscribers',
  '12 subscribers',
  'readers',
  '',
];

describe('parseAggregatorReport', () => {
  it.each(reporting)('reads %s', (agent, name, feedId, subscribers) => {
    expect(parseAggregatorReport(agent)).toEqual({ name, feedId, subscribers });
  });

  it.each(silent)('reads no number from “%s”', (agent) => {
    expect(parseAggregatorReport(agent)).toBeNull();
  });

  it('keeps nothing of a name but plain letters, and not many', () => {
    const report = parseAggregatorReport(`<b>\u0007x\u202e\u0085${'y'.repeat(90)} (3 subscribers)`);
    expect(report?.name).toBe(`<b> x ${'y'.repeat(34)}`);
    expect(parseAggregatorReport(`${'x'.repeat(600)} (3 subscribers)`)).toBeNull();
  });

  it('takes any text, and numbers that can be', () => {
    // As Node reads a header.
    const octet = fc.nat(255).map((code) => String.fromCharCode(code));
    const words = fc.constantFrom(
      'subscribers',
      'readers',
      'user(s)',
      'Mozilla/5.0 (compatible; ',
      'feed-id=',
      ' 12 ',
      ';',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ unit: octet, maxLength: 20 })), { maxLength: 12 }), (parts) => {
        const report = parseAggregatorReport(parts.join(''));
        if (report === null) return;
        expect(Number.isInteger(report.subscribers)).toBe(true);
        expect(report.subscribers).toBeGreaterThanOrEqual(0);
        expect(report.subscribers).toBeLessThan(100_000_000);
        expect(report.name).toMatch(/^[\x21-\x7e’]([\x20-\x7e’]{0,38}[\x21-\x7e’])?$/);
        expect(report.feedId).toMatch(/^[\w-]{0,40}$/);
      }),
    );
  });
});
