import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../clock.ts';
import type { PublishedCatalog } from '../content/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import { type Coding, DocumentBytes, twinEndings } from './document-bytes.ts';
import { type EntrySource, gatherPieces, type Pieces, pieceKey, type WantedEntry } from './entry-pieces.ts';
import { type Feed, type FeedFormat, feedFileNames, feedFormats } from './feed.ts';
import { type FeedOptions, listFeedsIn } from './feed-catalog.ts';
import type { FeedDocument, FeedDocumentRecord, FeedDocumentStore } from './feed-document.ts';
import type { FeedRenderer } from './feed-renderer.ts';
import { OwnedFiles } from './owned-files.ts';
import { assemble, frameOf, hashOf, noPieces, type PieceList } from './piece-list.ts';
import { silkpostRenderers } from './set-entry.ts';
import { findFault } from './well-formed.ts';

export interface FeedPressParts {
  readonly site: Site;
  readonly options: FeedOptions;
  /** Where documents are written; it may hold other files. */
  readonly publicDir: string;
  readonly store: FeedDocumentStore;
  /** Where texts and rendered entries come from. */
  readonly source: EntrySource;
  readonly log: Log;
  /** Default: Silkpost's own. */
  readonly renderers?: Readonly<Record<FeedFormat, FeedRenderer>>;
}

/** Something that is missing from a document; the rest is published. */
export interface FeedProblem {
  /** URL path of the document. */
  readonly path: string;
  /** Id of the entry that was left out; null where the whole document is concerned. */
  readonly entry: string | null;
  readonly message: string;
}

export interface PublishedFeeds {
  /** How many documents there are now. */
  readonly documents: number;
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
   * so is a file that can't be written. Throws only what the store throws.
   */
  publish(published: PublishedCatalog, now: Instant): Promise<PublishedFeeds>;
  /** Compresses what was published since the last time and lays it beside the documents. Calls wait for one another. */
  compress(): Promise<void>;
  /** @param path URL path, `/fa/rss.xml`. */
  find(path: string): FeedDocument | null;
  /** A document's bytes in a coding, at once where they are at hand. Rejects with `unavailable` where they are lost. */
  bytesOf(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer>;
  /** Whether `bytesOf` answers at once. */
  hasBytes(document: FeedDocument, coding: Coding): boolean;
}

/** Goes into every piece's key: a new one has every entry rendered anew. */
const pieceVersion = 1;

/** A document that is published, with what the next one is made from. */
interface Printed {
  readonly document: FeedDocument;
  readonly list: PieceList;
  readonly inputs: string;
}

/** A document that has to be made. */
interface Order {
  readonly feed: Feed;
  readonly format: FeedFormat;
  readonly path: string;
  readonly inputs: string;
  readonly wanted: readonly WantedEntry[];
}

export function createFeedPress(parts: FeedPressParts): FeedPress {
  return new PublicFeedPress(parts);
}

class PublicFeedPress implements FeedPress {
  readonly #parts: FeedPressParts;
  readonly #renderers: Readonly<Record<FeedFormat, FeedRenderer>>;
  readonly #files: OwnedFiles;
  readonly #bytes: DocumentBytes;
  /** The publication's texts, which stand in entries too. */
  readonly #edition: string;
  /** By path; null until they were read. */
  #printed: ReadonlyMap<string, Printed> | null = null;
  #uncompressed = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: FeedPressParts) {
    this.#parts = parts;
    this.#renderers = parts.renderers ?? silkpostRenderers;
    this.#files = new OwnedFiles(parts.publicDir, '.silkpost-feeds.json');
    this.#bytes = new DocumentBytes((path) => this.#files.fileOf(path));
    this.#edition = createHash('sha256')
      .update(JSON.stringify([pieceVersion, parts.site]))
      .digest('hex');
  }

  publish(published: PublishedCatalog, now: Instant): Promise<PublishedFeeds> {
    return this.#inTurn(() => this.#publish(published, now));
  }

  compress(): Promise<void> {
    return this.#inTurn(() => this.#compress());
  }

  find(path: string): FeedDocument | null {
    return this.#printed?.get(path)?.document ?? null;
  }

  bytesOf(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer> {
    return this.#bytes.get(document, coding);
  }

  hasBytes(document: FeedDocument, coding: Coding): boolean {
    return this.#bytes.has(document, coding);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined); // its own caller is told
    return run;
  }

  async #publish(published: PublishedCatalog, now: Instant): Promise<PublishedFeeds> {
    const { site, options, log } = this.#parts;
    const before = this.#printed ?? (await this.#readPrinted());
    const problems: FeedProblem[] = [];
    const kept = new Map<string, Printed>();
    const orders: Order[] = [];
    for (const lang of site.languages) {
      for (const feed of listFeedsIn(lang, published, site, options, now)) {
        for (const order of this.#ordersOf(feed)) {
          const old = before.get(order.path);
          if (old && old.inputs === order.inputs) kept.set(order.path, old);
          else orders.push(order);
        }
      }
      await nextTurn();
    }
    const pieces = await this.#gather(orders, before);
    const made = await this.#printAll(orders, pieces, before, now, problems);
    const printed = new Map([...kept, ...made.map((one): [string, Printed] => [one.document.path, one])]);
    // Before the files: what was withdrawn isn't served a moment longer, whatever becomes of the disk.
    this.#printed = printed;
    const changed = made.filter((one) => before.get(one.document.path)?.document.etag !== one.document.etag);
    const files = await this.#layOut(printed, changed);
    await this.#remember(made, before, printed);
    problems.push(...files.problems);
    for (const { path, entry, message } of problems) log.warn('problem', { path, entry, message });
    return { documents: printed.size, written: files.written, removed: files.removed, problems };
  }

  /** What an earlier process published, as far as it lies in the public folder as it was. */
  async #readPrinted(): Promise<Map<string, Printed>> {
    const printed = new Map<string, Printed>();
    for (const record of await this.#parts.store.listDocuments()) {
      const { path, hash, size, changedAt, inputs, pieces } = record;
      const format = feedFormats.find((known) => path.endsWith(`/${feedFileNames[known]}`));
      if (format === undefined) continue;
      const isThere = await this.#files.isThere(path, size, changedAt);
      const document = { path, format, size, etag: `"${hash}"`, lastModified: changedAt };
      printed.set(path, isThere ? { document, list: pieces, inputs } : { document, list: noPieces, inputs: '' });
    }
    return printed;
  }

  #ordersOf(feed: Feed): Order[] {
    const wanted = feed.entries.map((item) => ({ item, key: pieceKey(item, this.#edition) }));
    const { entries: _, ...frame } = feed;
    const inputs = createHash('sha256')
      .update(JSON.stringify([this.#edition, frame, wanted.map(({ key }) => key)]))
      .digest('base64url');
    return feedFormats.map((format) => ({ feed, format, path: documentPath(feed, format), inputs, wanted }));
  }

  #gather(orders: readonly Order[], before: ReadonlyMap<string, Printed>): Promise<Pieces> {
    const wanted = {
      rss: new Map<string, WantedEntry>(),
      atom: new Map<string, WantedEntry>(),
      json: new Map<string, WantedEntry>(),
    };
    for (const { format, wanted: some } of orders) for (const entry of some) wanted[format].set(entry.key, entry);
    return gatherPieces(wanted, before.values(), this.#bytes, this.#parts.source);
  }

  async #printAll(
    orders: readonly Order[],
    pieces: Pieces,
    before: ReadonlyMap<string, Printed>,
    now: Instant,
    problems: FeedProblem[],
  ): Promise<Printed[]> {
    const made: Printed[] = [];
    for (const order of orders) {
      const old = before.get(order.path);
      const printed = this.#print(order, pieces, old, now, problems);
      if (printed) made.push(printed);
      await nextTurn();
    }
    return made;
  }

  /**
   * One document. An entry that wouldn't parse back is left out, so that one bad entry never holds back the others, nor
   * keeps a withdrawn one in a document; where the frame wouldn't, the last good document stays.
   */
  #print(
    order: Order,
    pieces: Pieces,
    old: Printed | undefined,
    now: Instant,
    problems: FeedProblem[],
  ): Printed | null {
    const { feed, format, path, wanted } = order;
    const good: { key: string; bytes: Uint8Array }[] = [];
    for (const { item, key } of wanted) {
      const piece = pieces[format].get(key);
      if (piece instanceof Uint8Array) good.push({ key, bytes: piece });
      else problems.push({ path, entry: item.id, message: `“${item.title}” is left out: ${piece?.fault ?? ''}` });
    }
    const inputs = good.length === wanted.length ? order.inputs : '';
    try {
      const frame = frameOf(feed, this.#renderers[format]);
      const fault = findFault(format, frame.empty.toString());
      if (fault !== null) throw new Error(fault);
      const { body, list } = assemble(frame, good);
      const etag = `"${hashOf(body)}"`;
      const lastModified = old?.document.etag === etag ? old.document.lastModified : now;
      const document = { path, format, size: body.length, etag, lastModified };
      this.#bytes.pin(document, body);
      return { document: old?.document.etag === etag ? old.document : document, list, inputs };
    } catch (error) {
      problems.push({ path, entry: null, message: `${path} stays as it was: ${sentenceOf(error)}` });
      return old ? { ...old, inputs: '' } : null;
    }
  }

  /** @param changed Documents whose bytes are new. */
  async #layOut(
    printed: ReadonlyMap<string, Printed>,
    changed: readonly Printed[],
  ): Promise<{ written: string[]; removed: string[]; problems: FeedProblem[] }> {
    const [written, removed]: [string[], string[]] = [[], []];
    const problems: FeedProblem[] = [];
    const isNew = new Set(changed.map(({ document }) => document.path));
    try {
      const paths = [...printed.keys()].flatMap((path) => [path, path + twinEndings.gzip, path + twinEndings.br]);
      const gone = await this.#files.removeAllBut(new Set(paths));
      removed.push(...gone.filter((path) => !/\.(?:gz|br)$/.test(path)));
      await this.#files.claim(paths);
    } catch (error) {
      const message = `${this.#parts.publicDir} can’t be written: ${sentenceOf(error)}`;
      return { written, removed, problems: [{ path: '/', entry: null, message }] };
    }
    for (const { document } of printed.values()) {
      const { path, lastModified } = document;
      const body = this.#bytes.pinned(document);
      if (body === null) continue;
      try {
        if (await this.#files.write(path, body, lastModified, isNew.has(path))) written.push(path);
        this.#uncompressed.add(path);
        this.#bytes.unpin(path);
      } catch (error) {
        problems.push({ path, entry: null, message: `${path} can’t be written: ${sentenceOf(error)}` });
      }
    }
    return { written, removed, problems };
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
        inputs,
        pieces: list,
      }),
    );
    if (records.length > 0) await store.saveDocuments(records);
    const gone = [...before.keys()].filter((path) => !printed.has(path));
    if (gone.length > 0) await store.removeDocuments(gone);
  }

  async #compress(): Promise<void> {
    const paths = this.#uncompressed;
    this.#uncompressed = new Set();
    for (const path of paths) {
      const document = this.find(path);
      if (document === null) continue;
      for (const coding of ['gzip', 'br'] as const) {
        try {
          const bytes = await this.#bytes.get(document, coding);
          await this.#files.write(path + twinEndings[coding], bytes, document.lastModified, true);
        } catch (error) {
          this.#parts.log.warn('problem', { path, message: `${path} can’t be compressed: ${sentenceOf(error)}` });
        }
      }
      this.#bytes.forget(document, 'identity');
    }
  }
}

function documentPath(feed: Feed, format: FeedFormat): string {
  return feed.path + feedFileNames[format];
}
