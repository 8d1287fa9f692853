import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gunzip, gzip } from 'node:zlib';
import { AppError } from '../../errors.ts';
import type { FeedDocument } from './feed-document.ts';
import { hashOf } from './piece-list.ts';

/** How a document's bytes are sent (RFC 9110 §8.4.1). */
export type Coding = 'identity' | 'gzip' | 'br';

const codings: readonly Coding[] = ['identity', 'gzip', 'br'];

export const twinEndings: Readonly<Record<Exclude<Coding, 'identity'>, string>> = { gzip: '.gz', br: '.br' };

const codecs = {
  gzip: { compress: (bytes: Buffer) => promisify(gzip)(bytes, { level: 6 }), decompress: promisify(gunzip) },
  br: {
    // At 11 a document takes fifty times as long for a few percent.
    compress: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    decompress: promisify(brotliDecompress),
  },
} as const;

/** What is kept in memory at most; the rest is read where it lies. */
const defaultLimit = 48 * 1024 * 1024;

interface Kept {
  identity?: Buffer;
  gzip?: Buffer;
  br?: Buffer;
  /** Whether somebody asked for it since its turn to go came last. */
  wasAsked: boolean;
}

/**
 * The bytes of documents in each coding: in memory where they were asked for lately, else in the public folder. What
 * stands there is believed only where it is what the document's tag says.
 */
export class DocumentBytes {
  readonly #limit: number;
  readonly #fileOf: (path: string) => string;
  readonly #kept = new Map<FeedDocument, Kept>();
  /** Of documents that lie nowhere else. */
  readonly #pinned = new Map<FeedDocument, readonly Uint8Array[]>();
  readonly #making = new Map<string, Promise<Buffer>>();
  #size = 0;

  /** @param limit bytes. */
  constructor(fileOf: (path: string) => string, limit: number = defaultLimit) {
    this.#fileOf = fileOf;
    this.#limit = limit;
  }

  /** At once where they are in memory. Rejects with AppError `unavailable` where they are nowhere. */
  get(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer> {
    const kept = this.#kept.get(document);
    const known = kept?.[coding];
    if (kept && known) {
      kept.wasAsked = true;
      return known;
    }
    const key = keyOf(document, coding);
    const making = this.#making.get(key) ?? this.#make(document, coding).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  /** As `get`, but what isn't kept already isn't kept afterwards either. */
  async take(document: FeedDocument, coding: Coding): Promise<Buffer> {
    const isKept = this.#kept.get(document)?.[coding] !== undefined;
    const bytes = await this.get(document, coding);
    if (!isKept) this.forget(document, coding);
    return bytes;
  }

  keep(document: FeedDocument, coding: Coding, bytes: Buffer): void {
    const kept = this.#kept.get(document) ?? { wasAsked: true };
    this.#size += bytes.length - (kept[coding]?.length ?? 0);
    kept[coding] = bytes;
    this.#kept.set(document, kept);
    this.#makeRoom();
  }

  /** Lets go what is kept of a document in one coding, or in all. */
  forget(document: FeedDocument, coding?: Coding): void {
    const kept = this.#kept.get(document);
    if (!kept) return;
    for (const one of coding ? [coding] : codings) {
      this.#size -= kept[one]?.length ?? 0;
      delete kept[one];
    }
    if (codings.every((one) => kept[one] === undefined)) this.#kept.delete(document);
  }

  /** What nobody asked for since its last turn goes first; what somebody did gets another turn. */
  #makeRoom(): void {
    for (const [document, kept] of this.#kept) {
      if (this.#size <= this.#limit) return;
      if (kept.wasAsked && this.#kept.size > 1) {
        kept.wasAsked = false;
        this.#kept.delete(document);
        this.#kept.set(document, kept);
      } else this.forget(document);
    }
  }

  /** Holds the plain bytes of a document that lies nowhere until it is let go. */
  pin(document: FeedDocument, parts: readonly Uint8Array[]): void {
    this.#pinned.set(document, parts);
  }

  /** What is pinned of a document, or null. */
  pinned(document: FeedDocument): readonly Uint8Array[] | null {
    return this.#pinned.get(document) ?? null;
  }

  unpin(document: FeedDocument): void {
    this.#pinned.delete(document);
  }

  /** Lets go all of a document that is another now, wherever it lay. */
  drop(document: FeedDocument): void {
    this.unpin(document);
    this.forget(document);
  }

  async #make(document: FeedDocument, coding: Coding): Promise<Buffer> {
    const bytes = coding === 'identity' ? await this.#plain(document) : await this.#encoded(document, coding);
    this.keep(document, coding, bytes);
    return bytes;
  }

  async #plain(document: FeedDocument): Promise<Buffer> {
    const pinned = this.pinned(document);
    if (pinned) return Buffer.concat(pinned);
    const compressed = this.#kept.get(document)?.gzip;
    if (compressed) return codecs.gzip.decompress(compressed);
    const onDisk = await readFile(this.#fileOf(document.path)).catch(() => null);
    if (onDisk && isOf(document, onDisk)) return onDisk;
    throw new AppError('unavailable', `${document.path} isn’t in the public folder as it was written.`);
  }

  async #encoded(document: FeedDocument, coding: Exclude<Coding, 'identity'>): Promise<Buffer> {
    const twin = await readFile(this.#fileOf(document.path + twinEndings[coding])).catch(() => null);
    const plain = twin && (await codecs[coding].decompress(twin).catch(() => null));
    if (twin && plain && isOf(document, plain)) return twin;
    const bytes = await this.get(document, 'identity');
    return codecs[coding].compress(bytes);
  }
}

function keyOf({ path, etag }: FeedDocument, coding: Coding): string {
  return `${coding} ${path} ${etag}`;
}

function isOf({ etag, size }: FeedDocument, bytes: Buffer): boolean {
  return bytes.length === size && etag === `"${hashOf([bytes])}"`;
}
