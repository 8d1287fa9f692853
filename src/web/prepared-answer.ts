import { acceptsGzip, type Conditions, gzipTag, isUnchanged } from './http-conditions.ts';

/** Bytes that are ready to be sent under one URL. */
export interface Prepared {
  readonly body: Buffer;
  readonly type: string;
  /** Strong entity tag of the plain bytes, with its quotes. */
  readonly etag: string;
  /** Epoch milliseconds; null leaves Last-Modified out. */
  readonly lastModified: number | null;
  readonly cacheControl: string;
  /** The compressed bytes; null where compressing doesn't pay (pictures, fonts). */
  readonly gzip: (() => Promise<Buffer>) | null;
}

export interface Answer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for 304 and HEAD. */
  readonly body: Buffer | null;
}

/** The answer to a GET or HEAD: 304, or the bytes in the encoding that the client prefers. */
export async function answerPrepared(prepared: Prepared, method: string, conditions: Conditions): Promise<Answer> {
  const compress = prepared.gzip !== null && acceptsGzip(conditions.acceptEncoding);
  const headers: Record<string, string> = {
    etag: compress ? gzipTag(prepared.etag) : prepared.etag,
    'cache-control': prepared.cacheControl,
  };
  if (prepared.gzip !== null) headers['vary'] = 'Accept-Encoding';
  if (prepared.lastModified !== null) headers['last-modified'] = new Date(prepared.lastModified).toUTCString();
  const tags = prepared.gzip === null ? [prepared.etag] : [prepared.etag, gzipTag(prepared.etag)];
  if (isUnchanged(conditions, tags, prepared.lastModified)) return { status: 304, headers, body: null };
  const body = compress && prepared.gzip !== null ? await prepared.gzip() : prepared.body;
  if (compress) headers['content-encoding'] = 'gzip';
  headers['content-type'] = prepared.type;
  headers['content-length'] = String(body.length);
  return { status: 200, headers, body: method === 'HEAD' ? null : body };
}
