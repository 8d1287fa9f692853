import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { mediaTypeOf } from '../content/index.ts';
import type { ByteRange } from './byte-range.ts';
import type { Encoded } from './content-coding.ts';
import type { Prepared, StreamedBody } from './prepared-answer.ts';

const compress = promisify(gzip);

/** Files up to this size are read whole, text up to the larger one, since it is compressed. */
const wholeBytes = 256 * 1024;
const wholeTextBytes = 2 * 1024 * 1024;
const chunkBytes = 128 * 1024;

/**
 * A file that the publication names, ready to be sent; null where there is none.
 *
 * @param path Absolute, from the publication's own lists: never put together from a request.
 */
export async function prepareFile(path: string): Promise<Prepared | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  const type = contentTypeOf(path);
  const isText = /^(text|image\/svg)/.test(type);
  const shared = { type, lastModified: found.mtimeMs, cacheControl: 'public, max-age=3600', hasRanges: true };
  if (found.size > (isText ? wholeTextBytes : wholeBytes)) {
    // By size and time, so that a recording isn't read through for its tag.
    const etag = `"${found.size.toString(16)}-${Math.round(found.mtimeMs * 1000).toString(16)}"`;
    return { ...shared, body: streamed(path, found.size), etag, encoded: null };
  }
  const body = await readFile(path).catch(() => null);
  return body && { ...shared, body, etag: etagOf(body), encoded: isText ? gzipOf(body) : null };
}

/** A page, ready to be sent. */
export function preparePage(text: string, cacheControl: string): Prepared {
  const body = Buffer.from(text);
  return {
    body,
    type: 'text/html; charset=utf-8',
    etag: etagOf(body),
    lastModified: null,
    cacheControl,
    encoded: gzipOf(body),
    hasRanges: false,
  };
}

/** What is made for one answer is compressed for it alone: gzip is enough. */
function gzipOf(body: Buffer): Encoded {
  return (coding) => (coding === 'gzip' ? compress(body) : null);
}

function streamed(path: string, length: number): StreamedBody {
  return { length, stream: (range) => ReadableStream.from(readPart(path, range)) };
}

/** Throws where the file has become shorter meanwhile: the connection is cut, so that nobody takes a part for all. */
async function* readPart(path: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    for (let at = start; at <= end; ) {
      const length = Math.min(chunkBytes, end - at + 1);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
      if (bytesRead === 0) throw new Error(`${path} became shorter while it was sent.`);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
}

/** What may lie beside an article is content's to say; text says its encoding. */
function contentTypeOf(path: string): string {
  const type = mediaTypeOf(path) ?? 'application/octet-stream';
  return /^text\/|^image\/svg/.test(type) ? `${type}; charset=utf-8` : type;
}
