import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../../clock.ts';
import type { Article, PublishedCatalog } from '../../content/index.ts';
import { isArchivePath } from '../archive/archive-path.ts';
import { type Feed, type FeedFormat, feedFormats } from '../feed.ts';
import type { Coding } from './document-bytes.ts';
import { DocumentFiles, type FileChanges } from './document-files.ts';
import { type BegunOrders, DocumentPrinter } from './document-printer.ts';
import type { FeedDocument } from './feed-document.ts';
import type { Order } from './feed-order.ts';
import type { FeedPress, FeedPressParts, PublishedFeeds, PublishOptions } from './feed-press.ts';
import { OnDemandDocuments } from './on-demand-documents.ts';
import { OrderBook } from './order-book.ts';
import { hasFilled, planPress } from './press-plan.ts';
import type { FeedProblem, Printed } from './print-document.ts';
import { PrintedLedger } from './printed-ledger.ts';
import { silkpostRenderers } from './set-entry.ts';

/** What a publication, or a part of it, makes. */
interface Run {
  readonly orders: readonly Order[];
  /** What is served as it is, by path. What is neither here nor ordered is removed. */
  readonly kept: ReadonlyMap<string, Printed>;
  /** What there was, by path. */
  readonly before: ReadonlyMap<string, Printed>;
  /** Documents whose entries are taken over. */
  readonly cutFrom: ReadonlyMap<string, Printed>;
  readonly begun: BegunOrders | null;
  readonly now: Instant;
  readonly options: PublishOptions;
}

/** A document that is being written. */
interface LaidDocument {
  readonly document: FeedDocument;
  readonly isNew: boolean;
  readonly isWritten: Promise<boolean>;
}

const writtenAtOnce = 4;
/** Archive documents that are made between two looks at what is more urgent. */
const archivesInTurn = 6;

export function createFeedPress(parts: FeedPressParts): FeedPress {
  return new PublicFeedPress(parts);
}

class PublicFeedPress implements FeedPress {
  readonly #parts: FeedPressParts;
  readonly #files: DocumentFiles;
  readonly #book: OrderBook;
  readonly #printer: DocumentPrinter;
  readonly #ledger: PrintedLedger;
  readonly #onDemand: OnDemandDocuments;
  /** By path; null until they were read. */
  #printed: ReadonlyMap<string, Printed> | null = null;
  /** Archive documents that are still to be made. */
  #waiting: readonly Order[] = [];
  /** Their paths, and those of the ones that were made since. */
  #awaited: ReadonlySet<string> = new Set();
  #closed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: FeedPressParts) {
    const { site, options, publicDir, store, source, log, renderers = silkpostRenderers } = parts;
    this.#parts = parts;
    this.#files = new DocumentFiles(publicDir, log);
    this.#book = new OrderBook(parts);
    this.#printer = new DocumentPrinter({ renderers, source, bytes: this.#files.bytes });
    this.#ledger = new PrintedLedger({ site, options, store, files: this.#files });
    this.#onDemand = new OnDemandDocuments(
      (order) =>
        this.#printer.printAlone(order, this.#printed ?? new Map(), parts.clock.now(), (problem) =>
          this.#report(problem),
        ),
      (document) => this.#files.bytes.drop(document),
    );
  }

  publish(published: PublishedCatalog, now: Instant, options: PublishOptions = {}): Promise<PublishedFeeds> {
    return this.#inTurn(() => this.#publish(published, now, options));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async finish(onProgress: (done: number, all: number) => void = () => {}): Promise<PublishedFeeds> {
    const results: PublishedFeeds[] = [];
    const all = this.#waiting.length;
    for (;;) {
      // A few at a time, so that whatever is published meanwhile doesn't wait for all of them.
      while (this.#files.hasUntwinned && !this.#closed) await this.#inTurn(() => this.#twinSome());
      if (this.#waiting.length === 0 || this.#closed) break;
      results.push(await this.#inTurn(() => this.#printWaiting()));
      onProgress(Math.max(0, all - this.#waiting.length), all);
    }
    return {
      documents: this.#printed?.size ?? 0,
      isFirst: false,
      written: results.flatMap(({ written }) => written),
      removed: results.flatMap(({ removed }) => removed),
      problems: results.flatMap(({ problems }) => problems),
    };
  }

  isWaiting(path: string): boolean {
    return this.#awaited.has(path) && this.find(path) === null;
  }

  areThere(): boolean {
    const { bytes } = this.#files;
    // What couldn't be written is served from memory.
    return [...(this.#printed ?? [])].every(
      ([path, { document }]) => isArchivePath(path) || bytes.pinned(document) !== null || this.#files.isThere(document),
    );
  }

  async printOnDemand(feed: Feed, format: FeedFormat): Promise<FeedDocument> {
    return this.#onDemand.get(this.#book.one(feed, format));
  }

  find(path: string): FeedDocument | null {
    return this.#printed?.get(path)?.document ?? null;
  }

  countEntries(path: string): number {
    return this.#printed?.get(path)?.list.lengths.length ?? 0;
  }

  listHolding(article: Article): string[] {
    const key = this.#book.keyOf(article);
    return [...(this.#printed ?? [])].filter(([, { list }]) => list.keys.includes(key)).map(([path]) => path);
  }

  bytesOf(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer> {
    return this.#files.bytes.get(document, coding);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined); // its own caller is told
    return run;
  }

  async #publish(published: PublishedCatalog, now: Instant, options: PublishOptions): Promise<PublishedFeeds> {
    const before = this.#printed ?? (await this.#ledger.read());
    const { makesArchives = true } = options;
    const made = [...before.keys()].filter(isArchivePath).length;
    const batches = this.#book.list(
      published,
      now,
      (path, parts) => makesArchives || before.has(path) || hasFilled(before, parts * feedFormats.length - made),
    );
    let begun: BegunOrders | null = null;
    const { orders, kept, waiting } = await planPress(
      batches,
      before,
      (document) => this.#files.isThere(document),
      // The other threads have nothing to do while the rest is planned.
      (first) => {
        begun = this.#printer.begin(first, before);
      },
    );
    this.#waiting = waiting;
    this.#awaited = new Set(waiting.map(({ path }) => path));
    return this.#run({ orders, kept, before, cutFrom: before, begun, now, options });
  }

  /** Some of the archives' documents that are still to be made, beside all that there is. */
  #printWaiting(): Promise<PublishedFeeds> {
    const before = this.#printed ?? new Map<string, Printed>();
    const orders = this.#waiting.slice(0, archivesInTurn);
    this.#waiting = this.#waiting.slice(archivesInTurn);
    const cutFrom = pick(before, orders);
    return this.#run({ orders, kept: before, before, cutFrom, begun: null, now: this.#parts.clock.now(), options: {} });
  }

  async #twinSome(): Promise<void> {
    if (!this.#closed) await this.#files.twinSome((path) => this.find(path));
  }

  /** Makes what was ordered, serves it with what was kept, and lays it out. */
  async #run({ orders, kept, before, cutFrom, begun, now, options }: Run): Promise<PublishedFeeds> {
    // What isn't made yet is served as it was, until its turn comes in a moment.
    const served = new Map([...kept, ...pick(before, orders)]);
    this.#printed = served;
    for (const [path, { document }] of before) if (!served.has(path)) this.#files.bytes.drop(document);
    const changes: FileChanges = { written: [], removed: [], problems: [] };
    const canWrite = await this.#files.claim([...kept.keys(), ...orders.map(({ path }) => path)], changes);
    const made: Printed[] = [];
    const laid: LaidDocument[] = [];
    const { ready = async () => {}, announce = async () => {} } = options;
    const isFirst = before.size === 0;
    const run = { orders, before, cutFrom, begun, now, ready };
    for await (const { order, printed, problems } of this.#printer.printAll(run)) {
      changes.problems.push(...problems);
      if (printed === null) continue;
      // Before the file: what was withdrawn isn't served a moment longer, whatever becomes of the disk.
      served.set(order.path, printed);
      made.push(printed);
      const old = before.get(order.path)?.document;
      if (old && old !== printed.document) this.#files.bytes.drop(old);
      const isNew = old?.etag !== printed.document.etag;
      const isWritten = canWrite ? this.#files.write(printed.document, isNew, changes) : Promise.resolve(false);
      laid.push({ document: printed.document, isNew, isWritten });
      // A few are written at once, while the next ones are put together.
      await laid.at(-writtenAtOnce)?.isWritten;
      await nextTurn();
    }
    const news: FeedDocument[] = [];
    for (const { document, isNew, isWritten } of laid) {
      if (!(await isWritten)) continue;
      changes.written.push(document.path);
      if (isNew) news.push(document);
    }
    await announce(news, isFirst);
    await this.#ledger.remember(made, before, served);
    for (const problem of changes.problems) this.#report(problem);
    return { documents: served.size, isFirst, ...changes };
  }

  #report({ path, entry, message }: FeedProblem): void {
    this.#parts.log.warn('problem', { path, entry, message });
  }
}

/** Those documents that are ordered anew. */
function pick(printed: ReadonlyMap<string, Printed>, orders: readonly Order[]): Map<string, Printed> {
  const picked = new Map<string, Printed>();
  for (const { path } of orders) {
    const old = printed.get(path);
    if (old) picked.set(path, old);
  }
  return picked;
}
