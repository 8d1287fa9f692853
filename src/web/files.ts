import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Prepared } from './prepared-answer.ts';

const compress = promisify(gzip);

const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.pdf': 'application/pdf',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * A file that the publication names, ready to be sent; null where there is none.
 *
 * @param path Absolute, from the publication's own lists: never put together from a request.
 */
export async function prepareFile(path: string): Promise<Prepared | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  const body = await readFile(path);
  const type = types[extname(path).toLowerCase()] ?? 'application/octet-stream';
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
