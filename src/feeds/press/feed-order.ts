import { createHash } from 'node:crypto';
import type { Site } from '../../site.ts';
import { type Feed, type FeedFormat, type FeedItem, feedFileNames, feedFormats } from '../feed.ts';
import { pieceKey, type WantedEntry } from './entry-pieces.ts';

/**
 * A document that is to be there. Of thousands most are there already as they should be: only where one is made, what
 * goes into it is listed.
 */
export interface Order {
  readonly format: FeedFormat;
  /** URL path. */
  readonly path: string;
  /** BCP 47. */
  readonly lang: string;
  /** Hash of everything that goes into it: equal inputs give equal bytes. */
  readonly inputs: string;
  /** Made anew each time. */
  readonly feed: Feed;
  /** Made anew each time. */
  readonly wanted: readonly WantedEntry[];
}

export interface OrderMaker {
  one(feed: Feed, format: FeedFormat): Order;
  /** In every format. */
  all(feed: Feed): Order[];
  /** In every format, of a feed that can be made again. */
  allOf(makeFeed: () => Feed): Order[];
  /** What tells the item's pieces in documents from all others. */
  keyOf(item: FeedItem): string;
}

/** Goes into everything: a new one has every entry and document made anew. */
const pressVersion = 3;

export function createOrderMaker(site: Site): OrderMaker {
  // The publication's texts stand in entries too.
  const edition = createHash('sha256')
    .update(JSON.stringify([pressVersion, site]))
    .digest('hex');
  let last: ListedFeed | null = null;
  /** The formats of a feed follow each other, and want the same. */
  const listWanted = (makeFeed: () => Feed): readonly WantedEntry[] => {
    if (last?.makeFeed !== makeFeed) {
      const wanted = makeFeed().entries.map((item) => ({ item, key: pieceKey(item, edition) }));
      last = { makeFeed, wanted };
    }
    return last.wanted;
  };
  const inputsOf = ({ entries, ...frame }: Feed): string =>
    createHash('sha256')
      .update(JSON.stringify([edition, frame, entries.map(({ id, contentHash }) => [id, contentHash])]))
      .digest('base64url');
  const ordersOf = (feed: Feed, makeFeed: () => Feed): Order[] => {
    const inputs = inputsOf(feed);
    return feedFormats.map((format) => new MadeOrder(feed, format, inputs, makeFeed, listWanted));
  };
  return {
    one: (feed, format) => new MadeOrder(feed, format, inputsOf(feed), () => feed, listWanted),
    all: (feed) => ordersOf(feed, () => feed),
    allOf: (makeFeed) => ordersOf(makeFeed(), makeFeed),
    keyOf: (item) => pieceKey(item, edition),
  };
}

interface ListedFeed {
  readonly makeFeed: () => Feed;
  readonly wanted: readonly WantedEntry[];
}

type ListWanted = (makeFeed: () => Feed) => readonly WantedEntry[];

class MadeOrder implements Order {
  readonly format: FeedFormat;
  readonly path: string;
  readonly lang: string;
  readonly inputs: string;
  readonly #makeFeed: () => Feed;
  readonly #listWanted: ListWanted;

  /** @param feed isn't kept. */
  constructor({ path, lang }: Feed, format: FeedFormat, inputs: string, makeFeed: () => Feed, listWanted: ListWanted) {
    this.format = format;
    this.path = path + feedFileNames[format];
    this.lang = lang;
    this.inputs = inputs;
    this.#makeFeed = makeFeed;
    this.#listWanted = listWanted;
  }

  get feed(): Feed {
    return this.#makeFeed();
  }

  get wanted(): readonly WantedEntry[] {
    return this.#listWanted(this.#makeFeed);
  }
}
