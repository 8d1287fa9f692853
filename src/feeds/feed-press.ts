import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Instant } from '../clock.ts';
import type { Article, PublishedCatalog } from '../content/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import { atom } from './atom.ts';
import { EntryCache } from './entry-cache.ts';
import { type Feed, type FeedEntry, type FeedFormat, feedFormats } from './feed.ts';
import { createEntryMaker, type FeedOptions, listFeedsIn } from './feed-catalog.ts';
import type { FeedDocument, FeedDocumentRecord, FeedDocumentStore } from './feed-document.ts';
import type { FeedRenderer } from './feed-renderer.ts';
import { jsonFeed } from './json-feed.ts';
import { OwnedFiles } from './owned-files.ts';
import { rss } from './rss.ts';
import { documentPath, type FeedProblem, typeset } from './typeset.ts';

export interface FeedPressParts {
  readonly site: Site;
  readonly options: FeedOptions;
  /** Where documents are written; it may hold other files. */
  readonly publicDir: string;
  readonly store: FeedDocumentStore;
  readonly log: Log;
  /** Default: Silkpost's own. */
  readonly renderers?: Readonly<Record<FeedFormat, FeedRenderer>>;
}

export interface PublishedFeeds {
  /** How many documents there are now. */
  readonly documents: number;
  /** URL paths of the files that were written and removed. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly problems: readonly FeedProblem[];
}

/** Turns the published catalog into feed documents, keeps them for the server and lays them into the public folder. */
export interface FeedPress {
  /**
   * Renders the feeds whose entries or texts changed since the last time. Calls wait for one another. What doesn't
   * parse back is left out (of a whole document the last good one stays) and reported, and so is a file that can't be
   * written. Throws only what the store throws.
   */
  publish(published: PublishedCatalog, now: Instant): Promise<PublishedFeeds>;
  /** @param path URL path, `/fa/rss.xml`. */
  find(path: string): FeedDocument | null;
  /** The document's bytes in gzip (RFC 1952) or brotli (RFC 7932), made once; the bytes themselves as soon as they are. */
  encodedOf(document: FeedDocument, coding: 'gzip' | 'br'): Buffer | Promise<Buffer>;
}

const silkpostRenderers: Readonly<Record<FeedFormat, FeedRenderer>> = { rss, atom, json: jsonFeed };

const compress = promisify(gzip);
const compressSmaller = promisify(brotliCompress);

export function createFeedPress(parts: FeedPressParts): FeedPress {
  return new PublicFeedPress(parts);
}

class PublicFeedPress implements FeedPress {
  readonly #parts: FeedPressParts;
  readonly #renderers: Readonly<Record<FeedFormat, FeedRenderer>>;
  readonly #files: OwnedFiles;
  readonly #entryOf: (article: Article) => FeedEntry;
  readonly #cache = new EntryCache();
  readonly #encoded = {
    gzip: new WeakMap<FeedDocument, Buffer | Promise<Buffer>>(),
    br: new WeakMap<FeedDocument, Buffer | Promise<Buffer>>(),
  };
  /** What each document was made from, where that left no problem. */
  readonly #inputs = new Map<string, string>();
  #documents: ReadonlyMap<string, FeedDocument> = new Map();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: FeedPressParts) {
    this.#parts = parts;
    this.#renderers = parts.renderers ?? silkpostRenderers;
    this.#entryOf = createEntryMaker(parts.site);
    this.#files = new OwnedFiles(parts.publicDir, '.silkpost-feeds.json');
  }

  publish(published: PublishedCatalog, now: Instant): Promise<PublishedFeeds> {
    const run = this.#last.then(() => this.#publish(published, now));
    this.#last = run.catch(() => undefined); // its own caller is told
    return run;
  }

  find(path: string): FeedDocument | null {
    return this.#documents.get(path) ?? null;
  }

  encodedOf(document: FeedDocument, coding: 'gzip' | 'br'): Buffer | Promise<Buffer> {
    const encoded = this.#encoded[coding];
    const known = encoded.get(document);
    if (known) return known;
    const made = encode(document.body, coding).then((bytes) => {
      encoded.set(document, bytes);
      return bytes;
    });
    encoded.set(document, made);
    return made;
  }

  async #publish(published: PublishedCatalog, now: Instant): Promise<PublishedFeeds> {
    const { site, options, store, log } = this.#parts;
    const feeds: Feed[] = [];
    for (const lang of site.languages) {
      feeds.push(...listFeedsIn(lang, published, site, options, now, this.#entryOf));
      await setImmediate();
    }
    const records = new Map((await store.listDocuments()).map((record) => [record.path, record]));
    const { documents, problems } = await this.#typesetAll(feeds, records, now);
    // Before the files: what was withdrawn isn't served a moment longer, whatever becomes of the disk.
    this.#documents = documents;
    const paths = new Set(feeds.flatMap((feed) => feedFormats.map((format) => documentPath(feed, format))));
    const changed = await this.#remember(documents, records, paths);
    const files = await this.#layOut(documents, changed, paths);
    problems.push(...files.problems);
    for (const { path, entry, message } of problems) log.warn('problem', { path, entry, message });
    return { documents: documents.size, written: files.written, removed: files.removed, problems };
  }

  async #typesetAll(
    feeds: readonly Feed[],
    records: ReadonlyMap<string, FeedDocumentRecord>,
    now: Instant,
  ): Promise<{ documents: Map<string, FeedDocument>; problems: FeedProblem[] }> {
    const documents = new Map<string, FeedDocument>();
    const problems: FeedProblem[] = [];
    for (const feed of feeds) {
      const inputs = JSON.stringify({ ...feed, entries: feed.entries.map((entry) => entry.contentHash) });
      for (const format of feedFormats) {
        const path = documentPath(feed, format);
        const old = this.#documents.get(path);
        if (old && this.#inputs.get(path) === inputs) {
          documents.set(path, old);
          continue;
        }
        const set = await typeset(feed, format, this.#renderers[format], this.#cache);
        problems.push(...set.problems);
        if (set.problems.length === 0) this.#inputs.set(path, inputs);
        else this.#inputs.delete(path);
        const document = set.body === null ? old : printed(path, format, set.body, old, records.get(path), now);
        if (document) documents.set(path, document);
      }
    }
    return { documents, problems };
  }

  /** Returns the paths whose bytes changed since they were last remembered. */
  async #remember(
    documents: ReadonlyMap<string, FeedDocument>,
    records: ReadonlyMap<string, FeedDocumentRecord>,
    paths: ReadonlySet<string>,
  ): Promise<Set<string>> {
    const { store } = this.#parts;
    const changed = [...documents.values()]
      .map((document) => ({ path: document.path, hash: hashOf(document), changedAt: document.lastModified }))
      .filter((record) => records.get(record.path)?.hash !== record.hash);
    if (changed.length > 0) await store.saveDocuments(changed);
    const gone = [...records.keys()].filter((path) => !paths.has(path));
    if (gone.length > 0) await store.removeDocuments(gone);
    return new Set(changed.map((record) => record.path));
  }

  async #layOut(
    documents: ReadonlyMap<string, FeedDocument>,
    changed: ReadonlySet<string>,
    paths: ReadonlySet<string>,
  ): Promise<{ written: string[]; removed: string[]; problems: FeedProblem[] }> {
    const [written, removed]: [string[], string[]] = [[], []];
    const problems: FeedProblem[] = [];
    try {
      removed.push(...(await this.#files.removeAllBut(paths)));
      await this.#files.claim(paths);
    } catch (error) {
      const message = `${this.#parts.publicDir} can’t be written: ${sentenceOf(error)}`;
      return { written, removed, problems: [{ path: '/', entry: null, message }] };
    }
    for (const { path, body, lastModified } of documents.values()) {
      try {
        if (await this.#files.write(path, body, lastModified, changed.has(path))) written.push(path);
      } catch (error) {
        problems.push({ path, entry: null, message: `${path} can’t be written: ${sentenceOf(error)}` });
      }
    }
    return { written, removed, problems };
  }
}

/** Brotli at 5: 11 takes fifty times as long for a fifth less. */
function encode(body: Buffer, coding: 'gzip' | 'br'): Promise<Buffer> {
  if (coding === 'gzip') return compress(body, { level: 6 });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  return compressSmaller(body, { params });
}

/** The document of these bytes: the very one there was, if they are equal. */
function printed(
  path: string,
  format: FeedFormat,
  body: Buffer,
  old: FeedDocument | undefined,
  record: FeedDocumentRecord | undefined,
  now: Instant,
): FeedDocument {
  const hash = createHash('sha256').update(body).digest('hex');
  if (old && hashOf(old) === hash) return old;
  const lastModified = record?.hash === hash ? record.changedAt : now;
  return { path, format, body, etag: `"${hash}"`, lastModified };
}

function hashOf(document: FeedDocument): string {
  return document.etag.slice(1, -1);
}
