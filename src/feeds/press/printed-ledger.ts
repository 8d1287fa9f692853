import { absoluteUrl, type Site } from '../../site.ts';
import { isArchivePath } from '../archive/archive-path.ts';
import { feedFileNames, feedFormats } from '../feed.ts';
import type { FeedOptions } from '../feed-catalog.ts';
import type { DocumentFiles } from './document-files.ts';
import type { FeedDocument, FeedDocumentRecord, FeedDocumentStore } from './feed-document.ts';
import { createKeySharing, noPieces } from './piece-list.ts';
import type { Printed } from './print-document.ts';

export interface PrintedLedgerParts {
  readonly site: Site;
  readonly options: FeedOptions;
  readonly store: FeedDocumentStore;
  readonly files: DocumentFiles;
}

/** What one process remembers of its documents for the next. Throws what the store throws. */
export class PrintedLedger {
  readonly #parts: PrintedLedgerParts;

  constructor(parts: PrintedLedgerParts) {
    this.#parts = parts;
  }

  /** What an earlier process published, by path, as far as it lies in the public folder as it was. */
  async read(): Promise<Map<string, Printed>> {
    const { store, files } = this.#parts;
    const printed = new Map<string, Printed>();
    const shared = createKeySharing();
    for (const record of await store.listDocuments()) {
      const document = this.#documentOf(record);
      if (document === null) continue;
      const isThere = files.isThere(document);
      if (isThere) files.adopt(document);
      const { path, inputs, pieces } = record;
      printed.set(
        path,
        isThere ? { document, list: shared(pieces), inputs } : { document, list: noPieces, inputs: '' },
      );
    }
    return printed;
  }

  /**
   * @param made What is new or another.
   * @param before What was remembered, by path; what isn't in `printed` any longer is forgotten.
   */
  async remember(
    made: readonly Printed[],
    before: ReadonlyMap<string, Printed>,
    printed: ReadonlyMap<string, Printed>,
  ): Promise<void> {
    const { store } = this.#parts;
    if (made.length > 0) await store.saveDocuments(made.map(recordOf));
    const gone = [...before.keys()].filter((path) => !printed.has(path));
    if (gone.length > 0) await store.removeDocuments(gone);
  }

  /** Null where the path is of no format that there is. */
  #documentOf({ path, hash, size, changedAt, maxAge }: FeedDocumentRecord): FeedDocument | null {
    const { site, options } = this.#parts;
    const format = feedFormats.find((known) => path.endsWith(`/${feedFileNames[known]}`));
    if (format === undefined) return null;
    const url = absoluteUrl(site, path);
    const hubs = isArchivePath(path) ? [] : options.hubs;
    return { path, format, size, etag: `"${hash}"`, lastModified: changedAt, maxAge, url, hubs };
  }
}

function recordOf({ document, list, inputs }: Printed): FeedDocumentRecord {
  const { path, etag, size, lastModified, maxAge } = document;
  return { path, hash: etag.slice(1, -1), size, changedAt: lastModified, maxAge, inputs, pieces: list };
}
