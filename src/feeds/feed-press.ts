import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Instant } from '../clock.ts';
import type { Article, PublishedCatalog, PublishedOnce } from '../content/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { absoluteUrl, type Site } from '../site.ts';
import { listArchiveFeeds } from './archive-feed.ts';
import { listSlots } from './archive-parts.ts';
import { type Coding, DocumentBytes, twinEndings } from './document-bytes.ts';
import { type EntrySource, gatherPieces, type Pieces, type WantedEntry } from './entry-pieces.ts';
import { type Feed, type FeedFormat, feedFileNames, feedFormats } from './feed.ts';
import { type FeedOptions, listFeedsIn } from './feed-catalog.ts';
import type { FeedDocument, FeedDocumentRecord, FeedDocumentStore } from './feed-document.ts';
import { createOrderMaker, type Order, type OrderMaker } from './feed-order.ts';
import type { FeedRenderer } from './feed-renderer.ts';
import { OwnedFiles } from './owned-files.ts';
import { noPieces } from './piece-list.ts';
import { type FeedProblem, type Printed, printDocument } from './print-document.ts';
import { silkpostRenderers } from './set-entry.ts';

export interface FeedPressParts {
  readonly site: Site;
  readonly options: FeedOptions;
  /** Where documents are written; it may hold other files. */
  readonly publicDir: string;
  readonly store: FeedDocumentStore;
  /** Where texts and rendered entries come from. */
  readonly source: EntrySource;
  /** Feeds besides those of articles. */
  readonly others?: () => Promise<readonly Feed[]>;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: Silkpost's own. */
  readonly renderers?: Readonly<Record<FeedFormat, FeedRenderer>>;
}

export interface PublishedFeeds {
  /** How many documents there are now. */
  readonly documents: number;
  /** Whether none were remembered before: a publication's first. */
  readonly isFirst: boolean;
  /** URL paths of the documents that were written and removed. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly problems: readonly FeedProblem[];
}

/** Turns the published catalog into feed documents and lays them into the public folder. */
export interface FeedPress {
  /**
   * Renders the documents whose entries or texts changed since the last time, in whatever process that was. Calls wait
   * for one another. What doesn't parse back is left out (of a whole document the last good one stays) and reported, and
   * so is a file that can't be written. Throws only what the store and `ready` throw.
   *
   * @param ready Nothing new is served before it resolves; default: at once.
   */
  publish(published: PublishedCatalog, now: Instant, ready?: Promise<void>): Promise<PublishedFeeds>;
  /**
   * What can wait until the documents are out: lays their compressed twins beside them, and makes those parts of the
   * archives that never were. A `publish` meanwhile goes first. Ends early once the press is closed.
   */
  finish(onProgress?: (done: number, all: number) => void): Promise<PublishedFeeds>;
  /** The document of a feed that is made only when somebody asks for it; a bounded number is kept. */
  printOnDemand(feed: Feed, format: FeedFormat): Promise<FeedDocument>;
  /** @param path URL path, `/fa/rss.xml`. */
  find(path: string): FeedDocument | null;
  /** A document's bytes in a coding, at once where they are at hand. Rejects with `unavailable` where they are lost. */
  bytesOf(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer>;
  /** Begins nothing more; resolves when what was begun is done. */
  close(): Promise<void>;
}

/** What became of the files, filled in as it goes. */
interface FileChanges {
  readonly written: string[];
  readonly removed: string[];
  readonly problems: FeedProblem[];
}

/** Archive documents that a publication makes at once: what was withdrawn or corrected. More wait for `finish`. */
const archivesAtOnce = 60;
/** Archive documents that are made between two looks at what is more urgent. */
const archivesInTurn = 6;
/** Documents that are compressed at once. */
const compressedAtOnce = 3;
/** Documents made on demand that are kept. */
const maxOnDemand = 64;

export function createFeedPress(parts: FeedPressParts): FeedPress {
  return new PublicFeedPress(parts);
}

class PublicFeedPress implements FeedPress {
  readonly #parts: FeedPressParts;
  readonly #renderers: Readonly<Record<FeedFormat, FeedRenderer>>;
  readonly #files: OwnedFiles;
  readonly #bytes: DocumentBytes;
  readonly #orders: OrderMaker;
  /** By path; null until they were read. */
  #printed: ReadonlyMap<string, Printed> | null = null;
  readonly #uncompressed = new Set<string>();
  /** Archive documents that are still to be made. */
  #waiting: Order[] = [];
  /** By address and inputs, the least recently asked for first; their bytes lie nowhere else. */
  readonly #onDemand = new Map<string, FeedDocument>();
  /** By language, what the archives were made from the last time. */
  readonly #archives = new Map<
    string,
    {
      readonly articles: readonly Article[];
      readonly slots: number;
      readonly withdrawn: number;
      readonly orders: readonly Order[];
    }
  >();
  #closed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: FeedPressParts) {
    this.#parts = parts;
    this.#renderers = parts.renderers ?? silkpostRenderers;
    this.#files = new OwnedFiles(parts.publicDir, '.silkpost-feeds.json');
    this.#bytes = new DocumentBytes((path) => this.#files.fileOf(path));
    this.#orders = createOrderMaker(parts.site);
  }

  publish(published: PublishedCatalog, now: Instant, ready = Promise.resolve()): Promise<PublishedFeeds> {
    return this.#inTurn(() => this.#publish(published, now, ready));
  }

  async finish(onProgress: (done: number, all: number) => void = () => {}): Promise<PublishedFeeds> {
    const results: PublishedFeeds[] = [];
    const all = this.#waiting.length;
    for (;;) {
      // A few at a time, so that whatever is published meanwhile doesn't wait for all of them.
      while (this.#uncompressed.size > 0 && !this.#closed) await this.#inTurn(() => this.#compressSome());
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

  async printOnDemand(feed: Feed, format: FeedFormat): Promise<FeedDocument> {
    const order = this.#orders.one(feed, format);
    const key = `${feed.urls[format]} ${order.inputs}`;
    const known = this.#onDemand.get(key);
    this.#onDemand.delete(key);
    if (known) {
      this.#onDemand.set(key, known);
      return known;
    }
    const document = await this.#printAlone(order);
    this.#onDemand.set(key, document);
    const [oldest] = this.#onDemand;
    if (this.#onDemand.size > maxOnDemand && oldest) {
      this.#onDemand.delete(oldest[0]);
      this.#bytes.unpin(oldest[1]);
      this.#bytes.forget(oldest[1]);
    }
    return document;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  find(path: string): FeedDocument | null {
    return this.#printed?.get(path)?.document ?? null;
  }

  bytesOf(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer> {
    return this.#bytes.get(document, coding);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined); // its own caller is told
    return run;
  }

  async #publish(published: PublishedCatalog, now: Instant, ready: Promise<void>): Promise<PublishedFeeds> {
    const { site, options, others = async () => [] } = this.#parts;
    const before = this.#printed ?? (await this.#readPrinted());
    const kept = new Map<string, Printed>();
    const orders: Order[] = [];
    const archives: Order[] = [];
    const sort = (feeds: readonly Feed[], changed: Order[]): void => {
      for (const order of feeds.flatMap((feed) => this.#orders.all(feed))) {
        const old = before.get(order.path);
        if (old && old.inputs === order.inputs && this.#isThere(old.document)) kept.set(order.path, old);
        else changed.push(order);
      }
    };
    for (const lang of site.languages) {
      const slots = listSlots(published.everPublished, lang);
      sort(listFeedsIn(lang, published, site, options, now, { slots, withdrawn: published.withdrawn }), orders);
      await nextTurn();
      archives.push(...this.#archiveOrders(lang, published, slots));
      await nextTurn();
    }
    sort(await others(), orders);
    const [outdated, fresh]: [Order[], Order[]] = [[], []];
    for (const order of archives) {
      const old = before.get(order.path);
      if (old && old.inputs === order.inputs) kept.set(order.path, old);
      else if (old) outdated.push(order);
      else fresh.push(order);
    }
    const urgent = outdated.length <= archivesAtOnce ? outdated : [];
    this.#waiting = urgent === outdated ? fresh : [...outdated, ...fresh];
    for (const { path, wanted } of this.#waiting) {
      const old = before.get(path);
      // What holds more than it may isn't served a moment longer; the rest may wait for its turn.
      if (old && holdsNoMore(old, wanted)) kept.set(path, { ...old, inputs: '' });
    }
    return this.#printAndKeep([...orders, ...urgent], kept, before, now, before, ready);
  }

  /** The same as the last time for a language in which nothing was published, corrected or taken back since. */
  #archiveOrders(lang: string, published: PublishedCatalog, slots: readonly PublishedOnce[]): readonly Order[] {
    const { site, options } = this.#parts;
    const articles = published.inLanguage(lang);
    const withdrawn = published.withdrawn.filter((article) => article.lang === lang);
    const known = this.#archives.get(lang);
    if (
      known &&
      isEqual(known.articles, articles) &&
      known.slots === slots.length &&
      known.withdrawn === withdrawn.length
    ) {
      return known.orders;
    }
    const orders = listArchiveFeeds(lang, published, site, options, slots).flatMap((feed) => this.#orders.all(feed));
    this.#archives.set(lang, { articles, slots: slots.length, withdrawn: withdrawn.length, orders });
    return orders;
  }

  /** Some of the archives' documents that are still to be made, beside all that there is. */
  #printWaiting(): Promise<PublishedFeeds> {
    const before = this.#printed ?? new Map<string, Printed>();
    const orders = this.#waiting.splice(0, archivesInTurn);
    const own = new Map<string, Printed>();
    for (const { path } of orders) {
      const old = before.get(path);
      if (old) own.set(path, old);
    }
    return this.#printAndKeep(orders, new Map(before), before, this.#parts.clock.now(), own);
  }

  /** Makes what was ordered, serves it with what was kept, and lays it out. What is in neither is removed. */
  async #printAndKeep(
    orders: readonly Order[],
    kept: Map<string, Printed>,
    before: ReadonlyMap<string, Printed>,
    now: Instant,
    cutFrom: ReadonlyMap<string, Printed> = before,
    ready: Promise<void> = Promise.resolve(),
  ): Promise<PublishedFeeds> {
    const problems: FeedProblem[] = [];
    // What isn't made yet is served as it was, until its turn comes in a moment.
    const served = new Map(kept);
    for (const { path } of orders) {
      const old = before.get(path);
      if (old) served.set(path, old);
    }
    this.#printed = served;
    const changes: FileChanges = { written: [], removed: [], problems };
    const canWrite = await this.#claim([...kept.keys(), ...orders.map(({ path }) => path)], changes);
    const made: Printed[] = [];
    // Language by language: the next one's entries are rendered while this one's documents are put together.
    const groups = [...Map.groupBy(orders, ({ feed }) => feed.lang).values()];
    let gathering = this.#gather(groups[0] ?? [], cutFrom);
    gathering.catch(() => undefined); // thrown when it is waited for
    await ready;
    for (const [index, group] of groups.entries()) {
      const pieces = await gathering;
      gathering = this.#gather(groups[index + 1] ?? [], cutFrom);
      gathering.catch(() => undefined); // thrown when it is waited for
      for (const order of group) {
        const old = before.get(order.path);
        const printed = this.#print(order, pieces, old, now, problems);
        if (printed === null) continue;
        // Before the file: what was withdrawn isn't served a moment longer, whatever becomes of the disk.
        served.set(order.path, printed);
        made.push(printed);
        if (old && old.document !== printed.document) this.#bytes.forget(old.document);
        if (canWrite) await this.#write(printed.document, old?.document.etag !== printed.document.etag, changes);
        await nextTurn();
      }
    }
    await this.#remember(made, before, served);
    for (const { path, entry, message } of problems) this.#parts.log.warn('problem', { path, entry, message });
    return { documents: served.size, isFirst: before.size === 0, ...changes };
  }

  async #printAlone(order: Order): Promise<FeedDocument> {
    const pieces = await this.#gather([order], this.#printed ?? new Map());
    const problems: FeedProblem[] = [];
    const printed = this.#print(order, pieces, undefined, order.feed.updated, problems);
    for (const { path, entry, message } of problems) this.#parts.log.warn('problem', { path, entry, message });
    if (printed === null) throw new AppError('internal', `${order.path} can’t be made.`);
    return printed.document;
  }

  /** What an earlier process published, as far as it lies in the public folder as it was. */
  async #readPrinted(): Promise<Map<string, Printed>> {
    const printed = new Map<string, Printed>();
    for (const record of await this.#parts.store.listDocuments()) {
      const { path, hash, size, changedAt, maxAge, inputs, pieces } = record;
      const format = feedFormats.find((known) => path.endsWith(`/${feedFileNames[known]}`));
      if (format === undefined) continue;
      const document = {
        path,
        format,
        size,
        etag: `"${hash}"`,
        lastModified: changedAt,
        maxAge,
        ...this.#addresses(path),
      };
      const isThere = this.#isThere(document);
      printed.set(path, isThere ? { document, list: pieces, inputs } : { document, list: noPieces, inputs: '' });
      // A process that ended early may have left them out.
      const twins = Object.values(twinEndings).map((ending) => path + ending);
      if (isThere && !twins.every((twin) => this.#files.isOfTime(twin, changedAt))) this.#uncompressed.add(path);
    }
    return printed;
  }

  /** Somebody else may have emptied the folder. */
  #isThere({ path, size, lastModified }: FeedDocument): boolean {
    return this.#files.isThere(path, size, lastModified);
  }

  #addresses(path: string): Pick<FeedDocument, 'url' | 'hubs'> {
    const { site, options } = this.#parts;
    return { url: absoluteUrl(site, path), hubs: path.includes('/archive/') ? [] : options.hubs };
  }

  #gather(orders: readonly Order[], before: ReadonlyMap<string, Printed>): Promise<Pieces> {
    const wanted = {
      rss: new Map<string, WantedEntry>(),
      atom: new Map<string, WantedEntry>(),
      json: new Map<string, WantedEntry>(),
    };
    for (const { format, wanted: some } of orders) for (const entry of some) wanted[format].set(entry.key, entry);
    const own = orders.flatMap(({ path }) => before.get(path) ?? []);
    return gatherPieces(wanted, [...own, ...before.values()], this.#bytes, this.#parts.source);
  }

  #print(
    order: Order,
    pieces: Pieces,
    old: Printed | undefined,
    now: Instant,
    problems: FeedProblem[],
  ): Printed | null {
    const { printed, parts, problems: found } = printDocument(order, pieces, this.#renderers[order.format], old, now);
    problems.push(...found);
    if (printed && parts) this.#bytes.pin(printed.document, parts);
    return printed;
  }

  /** Says which files are going to be there, and removes those that aren't; whether any can be written. */
  async #claim(documents: readonly string[], { removed, problems }: FileChanges): Promise<boolean> {
    try {
      const paths = documents.flatMap((path) => [path, path + twinEndings.gzip, path + twinEndings.br]);
      const gone = await this.#files.removeAllBut(new Set(paths));
      removed.push(...gone.filter((path) => !/\.(?:gz|br)$/.test(path)));
      await this.#files.claim(paths);
      return true;
    } catch (error) {
      const message = `${this.#parts.publicDir} can’t be written: ${sentenceOf(error)}`;
      problems.push({ path: '/', entry: null, message });
      return false;
    }
  }

  /** Lays a document that was just made into the folder; its bytes stay in memory where that fails. */
  async #write(document: FeedDocument, isNew: boolean, { written, problems }: FileChanges): Promise<void> {
    const parts = this.#bytes.pinned(document);
    if (parts === null) return;
    const { path, lastModified } = document;
    try {
      // Not a moment longer either: a file server may send them in place of the document.
      if (isNew) await this.#files.remove(Object.values(twinEndings).map((ending) => path + ending));
      if (await this.#files.write(path, parts, lastModified, isNew)) written.push(path);
      this.#uncompressed.add(path);
      this.#bytes.unpin(document);
    } catch (error) {
      problems.push({ path, entry: null, message: `${path} can’t be written: ${sentenceOf(error)}` });
    }
  }

  async #remember(
    made: readonly Printed[],
    before: ReadonlyMap<string, Printed>,
    printed: ReadonlyMap<string, Printed>,
  ): Promise<void> {
    const { store } = this.#parts;
    const records = made.map(
      ({ document, list, inputs }): FeedDocumentRecord => ({
        path: document.path,
        hash: document.etag.slice(1, -1),
        size: document.size,
        changedAt: document.lastModified,
        maxAge: document.maxAge,
        inputs,
        pieces: list,
      }),
    );
    if (records.length > 0) await store.saveDocuments(records);
    const gone = [...before.keys()].filter((path) => !printed.has(path));
    if (gone.length > 0) await store.removeDocuments(gone);
  }

  async #compressSome(): Promise<void> {
    const some = [...this.#uncompressed].slice(0, compressedAtOnce);
    for (const path of some) this.#uncompressed.delete(path);
    await Promise.all(some.map((path) => this.#compressOne(path)));
  }

  async #compressOne(path: string): Promise<void> {
    const document = this.find(path);
    if (document === null || this.#closed) return;
    try {
      for (const coding of ['gzip', 'br'] as const) {
        const bytes = await this.#bytes.get(document, coding);
        await this.#files.write(path + twinEndings[coding], [bytes], document.lastModified, true);
      }
    } catch (error) {
      this.#parts.log.warn('problem', { path, message: `${path} can’t be compressed: ${sentenceOf(error)}` });
    }
    this.#bytes.forget(document, 'identity');
  }
}

/** Whether a document that waits to be made anew holds nothing that its next one doesn't. */
function holdsNoMore({ list }: Printed, wanted: readonly WantedEntry[]): boolean {
  const keys = new Set(wanted.map(({ key }) => key));
  const kept = list.pieces.filter(([key]) => keys.has(key)).length;
  // None at all: the publication's texts changed, and with them every key.
  return kept === list.pieces.length || (kept === 0 && list.pieces.length <= wanted.length);
}

function isEqual(some: readonly Article[], others: readonly Article[]): boolean {
  return some.length === others.length && some.every((article, index) => article === others[index]);
}
