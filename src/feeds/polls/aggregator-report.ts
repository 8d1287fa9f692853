/** What a program that reads feeds for many people says of them in its user agent. */
export interface AggregatorReport {
  /** Plain text of at most 40 characters, never empty. Made up by whoever asks: it may be any. */
  readonly name: string;
  /** What it calls the feed; empty where it has one name for all of a feed's addresses. */
  readonly feedId: string;
  /** 0 to 99,999,999. */
  readonly subscribers: number;
}

/** Nobody who reports has a longer one. */
const maxAgentLength = 512;
const maxNameLength = 40;

/** A number on its own, then the word: no part of a version, an address or another word. */
const reported = /(?:^|[ ;,(])(\d{1,8}) (?:subscribers?|readers?|users?)(?:\(s\))?(?![\w-])/i;
const idNamed = /\bfeed-?id[:=] ?([\w-]{1,40})/i;
const idInAddress = /\bnewsblur\.com\/site\/(\d{1,12})\b/i;

/** As they call themselves, by what only they write. */
const known: readonly (readonly [mark: string, name: string])[] = [
  ['feedly', 'Feedly'],
  ['inoreader', 'Inoreader'],
  ['newsblur', 'NewsBlur'],
  ['theoldreader', 'The Old Reader'],
  ['feedbin', 'Feedbin'],
  ['bazqux', 'BazQux'],
  ['bloglovin', 'Bloglovin’'],
  ['tiny tiny rss', 'Tiny Tiny RSS'],
  ['yandex', 'Yandex'],
  ['netvibes', 'Netvibes'],
  ['livejournal', 'LiveJournal'],
  ['dreamwidth', 'Dreamwidth'],
  ['feed wrangler', 'Feed Wrangler'],
  ['overcast', 'Overcast'],
  ['feedpress', 'FeedPress'],
  ['feedspot', 'Feedspot'],
];

/**
 * Reads `Feedly/1.0 (+http://www.feedly.com/fetcher.html; 457 subscribers; like FeedFetcher-Google)` and what others
 * write in the same manner; null where nobody is counted. In linear time, whatever it is given.
 */
export function parseAggregatorReport(userAgent: string): AggregatorReport | null {
  if (userAgent.length > maxAgentLength) return null;
  const found = reported.exec(userAgent);
  if (found === null) return null;
  const name = nameOf(userAgent);
  if (name === '') return null;
  const feedId = (idNamed.exec(userAgent) ?? idInAddress.exec(userAgent))?.[1] ?? '';
  return { name, feedId, subscribers: Number(found[1]) };
}

function nameOf(userAgent: string): string {
  const lower = userAgent.toLowerCase();
  const mark = known.find(([words]) => lower.includes(words));
  return mark ? mark[1] : cleanName(productOf(userAgent));
}

/** `BazQux` of `Mozilla/5.0 (compatible; BazQux/2.4; …)`, `Rojo` of `Rojo 1.0 (http://…)`. */
function productOf(userAgent: string): string {
  const compatible = /\bcompatible; ?([^;)/]+)/i.exec(userAgent)?.[1];
  if (compatible !== undefined) return compatible;
  return userAgent.slice(0, userAgent.search(/[/(;]|(?:^| )\d| - |$/));
}

/** A header is read as Latin-1, so what isn't a plain letter may have been anything. */
function cleanName(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, maxNameLength)
    .trim();
}
