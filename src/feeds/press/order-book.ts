import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../../clock.ts';
import type { PublishedCatalog, PublishedOnce } from '../../content/index.ts';
import { archivePath, type Site } from '../../site.ts';
import { type ArchivePart, createArchiveFeed, isSamePart, listArchiveParts } from '../archive/archive-feed.ts';
import { countParts, listSlots } from '../archive/archive-parts.ts';
import { type Feed, type FeedFormat, type FeedItem, feedFileNames } from '../feed.ts';
import { type FeedOptions, listFeedsIn } from '../feed-catalog.ts';
import { createOrderMaker, type Order, type OrderMaker } from './feed-order.ts';

/** Orders that are placed together. */
export interface OrderBatch {
  readonly orders: readonly Order[];
  /** Whether they are archives', which may wait for a better moment. */
  readonly isArchive: boolean;
}

export interface OrderBookParts {
  readonly site: Site;
  readonly options: FeedOptions;
  /** Feeds besides those of articles; default: none. */
  readonly others?: () => Promise<readonly Feed[]>;
}

/** A part of an archive with the orders that were made from it. */
interface OrderedPart {
  readonly part: ArchivePart;
  readonly orders: readonly Order[];
}

/** Every document that a publication is to have. */
export class OrderBook {
  readonly #parts: OrderBookParts;
  readonly #maker: OrderMaker;
  /** By language; in each the oldest first. */
  readonly #archives = new Map<string, readonly OrderedPart[]>();

  constructor(parts: OrderBookParts) {
    this.#parts = parts;
    this.#maker = createOrderMaker(parts.site);
  }

  one(feed: Feed, format: FeedFormat): Order {
    return this.#maker.one(feed, format);
  }

  /** By what the item's pieces are told from all others. */
  keyOf(item: FeedItem): string {
    return this.#maker.keyOf(item);
  }

  /**
   * In batches, archives last, between which whatever else the process does has its turn. Throws what `others` throws.
   *
   * @param leadsTo Whether feeds may lead to an archive document, by URL path, where so many parts are full.
   */
  async *list(
    published: PublishedCatalog,
    now: Instant,
    leadsTo: (path: string, parts: number) => boolean,
  ): AsyncGenerator<OrderBatch> {
    const { site, options, others = async () => [] } = this.#parts;
    const slotsOf = new Map(site.languages.map((lang) => [lang, listSlots(published.everPublished, lang)]));
    const parts = [...slotsOf.values()].reduce((sum, slots) => sum + countParts(slots), 0);
    for (const [lang, slots] of slotsOf) {
      const newestPart = `${archivePath(site, lang, countParts(slots))}${feedFileNames.rss}`;
      const past = { slots, withdrawn: published.withdrawn, leadsToArchive: leadsTo(newestPart, parts) };
      const feeds = listFeedsIn(lang, published, site, options, now, past);
      yield { orders: this.#ordersOf(feeds), isArchive: false };
      await nextTurn();
    }
    yield { orders: this.#ordersOf(await others()), isArchive: false };
    for (const [lang, slots] of slotsOf) {
      yield { orders: this.#archiveOrders(lang, published, slots), isArchive: true };
      await nextTurn();
    }
  }

  /** The same as the last time for a part in which nothing was corrected or taken back since. */
  #archiveOrders(lang: string, published: PublishedCatalog, slots: readonly PublishedOnce[]): readonly Order[] {
    const { site, options } = this.#parts;
    const known = this.#archives.get(lang) ?? [];
    const ordered = listArchiveParts(published, slots).map((part, index): OrderedPart => {
      const before = known[index];
      if (before && isSamePart(before.part, part)) return before;
      return { part, orders: this.#maker.allOf(() => createArchiveFeed(site, options, lang, part)) };
    });
    this.#archives.set(lang, ordered);
    return ordered.flatMap(({ orders }) => orders);
  }

  #ordersOf(feeds: readonly Feed[]): Order[] {
    return feeds.flatMap((feed) => this.#maker.all(feed));
  }
}
