import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { DocumentBytes, twinEndings } from './document-bytes.ts';
import type { FeedDocument } from './feed-document.ts';
import { OwnedFiles } from './owned-files.ts';
import type { FeedProblem } from './print-document.ts';

/** What became of the files, filled in as it goes. */
export interface FileChanges {
  /** URL paths. */
  readonly written: string[];
  readonly removed: string[];
  readonly problems: FeedProblem[];
}

/** Documents that are compressed at once. */
const compressedAtOnce = 3;

/** Documents in the public folder, each with its compressed twins beside it. */
export class DocumentFiles {
  readonly #publicDir: string;
  readonly #log: Log;
  readonly #files: OwnedFiles;
  readonly #untwinned = new Set<string>();
  /** Of these documents, and of those that lie nowhere. */
  readonly bytes: DocumentBytes;

  /** @param publicDir may hold other files. */
  constructor(publicDir: string, log: Log) {
    this.#publicDir = publicDir;
    this.#log = log;
    this.#files = new OwnedFiles(publicDir, '.silkpost-feeds.json');
    this.bytes = new DocumentBytes((path) => this.#files.fileOf(path));
  }

  /** Whether it lies there as it was written. Somebody else may have emptied the folder. */
  isThere({ path, size, lastModified }: FeedDocument): boolean {
    return this.#files.isThere(path, size, lastModified);
  }

  /** Says which documents are going to be there, and removes those that aren't; whether any can be written. */
  async claim(documents: readonly string[], { removed, problems }: FileChanges): Promise<boolean> {
    try {
      const paths = documents.flatMap((path) => [path, ...twinsOf(path)]);
      const gone = await this.#files.removeAllBut(new Set(paths));
      removed.push(...gone.filter((path) => !/\.(?:gz|br)$/.test(path)));
      await this.#files.claim(paths);
      return true;
    } catch (error) {
      const message = `${this.#publicDir} can’t be written: ${sentenceOf(error)}`;
      problems.push({ path: '/', entry: null, message });
      return false;
    }
  }

  /**
   * Lays out a document that was just made; its bytes stay pinned where that fails, which `problems` tell. Returns whether
   * a file was written. Never rejects.
   */
  async write(document: FeedDocument, isNew: boolean, { problems }: Pick<FileChanges, 'problems'>): Promise<boolean> {
    const parts = this.bytes.pinned(document);
    if (parts === null) return false;
    const { path, lastModified } = document;
    try {
      // Not a moment longer either: a file server may send them in place of the document.
      if (isNew) await this.#files.remove(twinsOf(path));
      const isWritten = await this.#files.write(path, parts, lastModified, isNew);
      this.#untwinned.add(path);
      this.bytes.unpin(document);
      return isWritten;
    } catch (error) {
      problems.push({ path, entry: null, message: `${path} can’t be written: ${sentenceOf(error)}` });
      return false;
    }
  }

  /** Notes a document that an earlier process laid out: one that ended early may have left its twins out. */
  adopt({ path, lastModified }: FeedDocument): void {
    if (!twinsOf(path).every((twin) => this.#files.isOfTime(twin, lastModified))) this.#untwinned.add(path);
  }

  /** Whether documents are without their twins. */
  get hasUntwinned(): boolean {
    return this.#untwinned.size > 0;
  }

  /**
   * Lays the twins of a few documents beside them. One that can't be compressed is logged.
   *
   * @param find The document at a path; null where there is none any longer.
   */
  async twinSome(find: (path: string) => FeedDocument | null): Promise<void> {
    const some = [...this.#untwinned].slice(0, compressedAtOnce);
    for (const path of some) this.#untwinned.delete(path);
    await Promise.all(some.map((path) => this.#twin(find(path))));
  }

  async #twin(document: FeedDocument | null): Promise<void> {
    if (document === null) return;
    const { path, lastModified } = document;
    try {
      for (const coding of ['gzip', 'br'] as const) {
        // Whoever asks first has them read: of thousands of archives' hardly any are asked for.
        const bytes = await this.bytes.take(document, coding);
        await this.#files.write(path + twinEndings[coding], [bytes], lastModified, true);
      }
    } catch (error) {
      this.#log.warn('problem', { path, message: `${path} can’t be compressed: ${sentenceOf(error)}` });
    }
    this.bytes.forget(document, 'identity');
  }
}

function twinsOf(path: string): string[] {
  return Object.values(twinEndings).map((ending) => path + ending);
}
