import type { Instant } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { FeedFormat } from '../feed.ts';
import type { FeedRenderer } from '../formats/feed-renderer.ts';
import type { DocumentBytes } from './document-bytes.ts';
import { type EntrySource, gatherPieces, joinPieces, type Pieces, type WantedEntry } from './entry-pieces.ts';
import type { FeedDocument } from './feed-document.ts';
import type { Order } from './feed-order.ts';
import { createKeySharing } from './piece-list.ts';
import { type FeedProblem, type Printed, printDocument } from './print-document.ts';

export interface DocumentPrinterParts {
  readonly renderers: Readonly<Record<FeedFormat, FeedRenderer>>;
  /** Where texts and rendered entries come from. */
  readonly source: EntrySource;
  readonly bytes: DocumentBytes;
}

export interface PrintRun {
  readonly orders: readonly Order[];
  /** What was published the last time, by path. */
  readonly before: ReadonlyMap<string, Printed>;
  /** Documents whose entries are taken over. */
  readonly cutFrom: ReadonlyMap<string, Printed>;
  /** What was begun of the orders already; null: nothing. */
  readonly begun: BegunOrders | null;
  readonly now: Instant;
  /** Called once the first entries are being made; nothing is printed before it resolves. */
  readonly ready: () => Promise<void>;
}

/** Orders whose entries are being made. */
export interface BegunOrders {
  readonly orders: readonly Order[];
  readonly pieces: Promise<Pieces>;
}

export interface PrintedOrder {
  readonly order: Order;
  /** Null where nothing could be made of it; its bytes are pinned where they are new. */
  readonly printed: Printed | null;
  readonly problems: readonly FeedProblem[];
}

/** Makes documents of orders. */
export class DocumentPrinter {
  readonly #parts: DocumentPrinterParts;

  constructor(parts: DocumentPrinterParts) {
    this.#parts = parts;
  }

  /** Begins to make the entries of some orders, for `printAll` to go on with. */
  begin(orders: readonly Order[], cutFrom: ReadonlyMap<string, Printed>): BegunOrders {
    const pieces = this.#gather(orders, cutFrom);
    pieces.catch(() => undefined); // thrown when it is waited for
    return { orders, pieces };
  }

  /** Language by language: the next one's entries are rendered while this one's documents are put together. */
  async *printAll({ orders, before, cutFrom, begun, now, ready }: PrintRun): AsyncGenerator<PrintedOrder> {
    const isBegun = new Set(begun?.orders);
    const groups = [...Map.groupBy(orders, ({ lang }) => lang).values()];
    const gather = (group: readonly Order[] = []): Promise<Pieces> =>
      this.begin(
        group.filter((order) => !isBegun.has(order)),
        cutFrom,
      ).pieces;
    const shared = createKeySharing();
    let gathering = gather(groups[0]);
    await ready();
    for (const [index, group] of groups.entries()) {
      const some = await gathering;
      const pieces = begun && group.some((order) => isBegun.has(order)) ? joinPieces(await begun.pieces, some) : some;
      gathering = gather(groups[index + 1]);
      for (const order of group) {
        const result = this.#print(order, pieces, before.get(order.path), now);
        const { printed } = result;
        yield { ...result, printed: printed && { ...printed, list: shared(printed.list) } };
      }
    }
  }

  /**
   * A document that is none of the publication's; its bytes are pinned. Rejects with AppError `internal` where it can't
   * be made.
   */
  async printAlone(
    order: Order,
    cutFrom: ReadonlyMap<string, Printed>,
    now: Instant,
    onProblem: (problem: FeedProblem) => void,
  ): Promise<FeedDocument> {
    const pieces = await this.#gather([order], cutFrom);
    const { printed, problems } = this.#print(order, pieces, undefined, now);
    problems.forEach(onProblem);
    if (printed === null) throw new AppError('internal', `${order.path} can’t be made.`);
    const { document } = printed;
    // In one piece: parts cut out of other documents would keep the whole of those in memory.
    const parts = this.#parts.bytes.pinned(document);
    if (parts) this.#parts.bytes.pin(document, [Buffer.concat(parts)]);
    return document;
  }

  #gather(orders: readonly Order[], cutFrom: ReadonlyMap<string, Printed>): Promise<Pieces> {
    const { bytes, source } = this.#parts;
    const wanted = {
      rss: new Map<string, WantedEntry>(),
      atom: new Map<string, WantedEntry>(),
      json: new Map<string, WantedEntry>(),
    };
    for (const { format, wanted: some } of orders) for (const entry of some) wanted[format].set(entry.key, entry);
    const own = orders.flatMap(({ path }) => cutFrom.get(path) ?? []);
    return gatherPieces(wanted, [...own, ...cutFrom.values()], bytes, source);
  }

  #print(order: Order, pieces: Pieces, old: Printed | undefined, now: Instant): PrintedOrder {
    const { renderers, bytes } = this.#parts;
    const { printed, parts, problems } = printDocument(order, pieces, renderers[order.format], old, now);
    if (printed && parts) bytes.pin(printed.document, parts);
    return { order, printed, problems };
  }
}
