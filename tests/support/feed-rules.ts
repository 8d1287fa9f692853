import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { type FeedFormat, feedFileNames } from '../../src/feeds/index.ts';
import { checkAtom } from './atom-rules.ts';
import type { Report } from './feed-rule-checks.ts';
import { checkJsonFeed } from './json-feed-rules.ts';
import { checkRss } from './rss-rules.ts';

/** Each format's rules and an independent parser. */
const formats: Readonly<
  Record<FeedFormat, { check(text: string, report: Report): void; countEntries(text: string): number }>
> = {
  rss: { check: checkRss, countEntries: (text) => parseRssFeed(text).items?.length ?? 0 },
  atom: { check: checkAtom, countEntries: (text) => parseAtomFeed(text).entries?.length ?? 0 },
  json: { check: checkJsonFeed, countEntries: (text) => parseJsonFeed(JSON.parse(text)).items?.length ?? 0 },
};

export interface FeedVerdict {
  /** As the independent parser counts them. */
  readonly entries: number;
  /** What the standards forbid, each with its place. */
  readonly violations: readonly string[];
}

/** What an independent parser (feedsmith) and rules written from the standards say of a document. */
export function judgeFeed(format: FeedFormat, text: string): FeedVerdict {
  const violations: string[] = [];
  formats[format].check(text, (place, fault) => violations.push(`${place} ${fault}`));
  try {
    return { entries: formats[format].countEntries(text), violations };
  } catch (error) {
    return { entries: 0, violations: [...violations, `feedsmith: ${String(error)}`] };
  }
}

/** The format of a feed's file or URL path, or null where it is no feed. */
export function formatOf(path: string): FeedFormat | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (['rss', 'atom', 'json'] as const).find((format) => feedFileNames[format] === name) ?? null;
}
