import { createHash } from 'node:crypto';
import type { Site } from '../site.ts';
import { pieceKey, type WantedEntry } from './entry-pieces.ts';
import { type Feed, type FeedFormat, type FeedItem, feedFileNames, feedFormats } from './feed.ts';

/** A document that is to be there. */
export interface Order {
  readonly feed: Feed;
  readonly format: FeedFormat;
  /** URL path. */
  readonly path: string;
  /** Hash of everything that goes into it: equal inputs give equal bytes. */
  readonly inputs: string;
  readonly wanted: readonly WantedEntry[];
}

export interface OrderMaker {
  one(feed: Feed, format: FeedFormat): Order;
  /** In every format. */
  all(feed: Feed): Order[];
}

/** Goes into everything: a new one has every entry and document made anew. */
const pressVersion = 1;

export function createOrderMaker(site: Site): OrderMaker {
  // The publication's texts stand in entries too.
  const edition = createHash('sha256')
    .update(JSON.stringify([pressVersion, site]))
    .digest('hex');
  const keys = new WeakMap<FeedItem, string>();
  const keyOf = (item: FeedItem): string => {
    const key = keys.get(item) ?? pieceKey(item, edition);
    keys.set(item, key);
    return key;
  };
  const one = (feed: Feed, format: FeedFormat): Order => {
    const wanted = feed.entries.map((item) => ({ item, key: keyOf(item) }));
    const { entries: _, ...frame } = feed;
    const inputs = createHash('sha256')
      .update(JSON.stringify([edition, frame, wanted.map(({ key }) => key)]))
      .digest('base64url');
    return { feed, format, path: documentPath(feed, format), inputs, wanted };
  };
  return {
    one,
    all(feed) {
      const order = one(feed, 'rss');
      return feedFormats.map((format) => ({ ...order, format, path: documentPath(feed, format) }));
    },
  };
}

function documentPath(feed: Feed, format: FeedFormat): string {
  return feed.path + feedFileNames[format];
}
