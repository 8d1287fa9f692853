import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { mediaTypeOf } from '../content/index.ts';
import type { Prepared } from './prepared-answer.ts';

const compress = promisify(gzip);

/**
 * A file that the publication names, ready to be sent; null where there is none.
 *
 * @param path Absolute, from the publication's own lists: never put together from a request.
 */
export async function prepareFile(path: string): Promise<Prepared | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  const body = await readFile(path);
  const type = contentTypeOf(path);
  return {
    body,
    type,
    etag: etagOf(body),
    lastModified: found.mtimeMs,
    cacheControl: 'public, max-age=3600',
    gzip: /^(text|image\/svg)/.test(type) ? () => compress(body) : null,
  };
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
    gzip: () => compress(body),
  };
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
}

/** What may lie beside an article is content's to say; text says its encoding. */
function contentTypeOf(path: string): string {
  const type = mediaTypeOf(path) ?? 'application/octet-stream';
  return /^text\/|^image\/svg/.test(type) ? `${type}; charset=utf-8` : type;
}
