import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createGunzip, createGzip, gzip } from 'node:zlib';
import { preparePage } from './files.ts';
import type { Prepared } from './prepared-answer.ts';

/** A short text of any type, ready to be sent again and again: compressed once. */
export function prepareText(text: string, type: string, cacheControl: string): Prepared {
  const page = preparePage(text, cacheControl);
  let packed: Promise<Buffer> | null = null;
  const pack = (): Promise<Buffer> => {
    packed ??= promisify(gzip)(text);
    return packed;
  };
  return { ...page, type, encoded: (coding) => (coding === 'gzip' ? pack() : null) };
}

/** How much is handed to the compressor at once, in UTF-16 units. */
const chunkLength = 256 * 1024;

/**
 * A long text that is put together piece by piece and kept compressed only: nearly everybody asks for it so. Whoever
 * doesn't, gets it unpacked each time.
 */
export class PackedText {
  readonly #gzip = createGzip();
  readonly #packed = buffer(this.#gzip);
  readonly #hash = createHash('sha256');
  #waiting = '';
  #length = 0;

  /** Other work gets its turn whenever a chunk is compressed. */
  async write(text: string): Promise<void> {
    this.#waiting += text;
    if (this.#waiting.length >= chunkLength) await this.#flush();
  }

  async finish(type: string, cacheControl: string): Promise<Prepared> {
    await this.#flush();
    this.#gzip.end();
    const packed = await this.#packed;
    const length = this.#length;
    return {
      body: { length, stream: () => Readable.toWeb(Readable.from([packed]).pipe(createGunzip())) },
      type,
      etag: `"${this.#hash.digest('hex').slice(0, 32)}"`,
      lastModified: null,
      cacheControl,
      encoded: (coding) => (coding === 'gzip' ? packed : null),
      hasRanges: false,
    };
  }

  #flush(): Promise<void> {
    const chunk = Buffer.from(this.#waiting);
    this.#waiting = '';
    this.#hash.update(chunk);
    this.#length += chunk.length;
    return new Promise((resolve, reject) => {
      this.#gzip.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
}
