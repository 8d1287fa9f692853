import { type ByteRange, readRange } from './byte-range.ts';
import { acceptedCodings, allTags, chooseEncoded, codingTag, type Encoded } from './content-coding.ts';
import { type Conditions, weighConditions } from './http-conditions.ts';

/** Bytes that are ready to be sent under one URL. */
export interface Prepared {
  /** The bytes, or where to read them part by part. */
  readonly body: Buffer | StreamedBody;
  readonly type: string;
  /** Strong entity tag of the plain bytes, with its quotes. */
  readonly etag: string;
  /** Epoch milliseconds; null leaves Last-Modified out. */
  readonly lastModified: number | null;
  readonly cacheControl: string;
  /** The compressed bytes; null where compressing doesn't pay (pictures, fonts). */
  readonly encoded: Encoded | null;
  /** Whether parts of the bytes may be asked for (RFC 9110 §14). */
  readonly hasRanges: boolean;
}

/** Bytes too many to hold in memory. */
export interface StreamedBody {
  /** How many they are. */
  readonly length: number;
  stream(range: ByteRange): ReadableStream<Uint8Array>;
}

export interface Answer {
  readonly status: 200 | 206 | 304 | 412 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for HEAD and where there is nothing to say. */
  readonly body: Buffer | ReadableStream<Uint8Array> | null;
}

/**
 * The answer to a GET or HEAD: 304, the bytes in the encoding that the client prefers, or the part that it asks for,
 * which is always of the plain bytes.
 *
 * @param now Epoch milliseconds.
 */
export async function answerPrepared(
  prepared: Prepared,
  method: string,
  conditions: Conditions,
  now: number,
): Promise<Answer> {
  const { body, etag, encoded } = prepared;
  // A file of tomorrow would be news for ever (RFC 9110 §8.8.2.1).
  const lastModified = prepared.lastModified === null ? null : Math.min(prepared.lastModified, now);
  const codings = encoded === null ? [] : acceptedCodings(conditions.acceptEncoding);
  const shared: Record<string, string> = { 'cache-control': prepared.cacheControl };
  if (encoded !== null) shared['vary'] = 'Accept-Encoding';
  if (lastModified !== null) shared['last-modified'] = new Date(lastModified).toUTCString();

  const verdict = weighConditions(conditions, encoded === null ? [etag] : allTags(etag), lastModified);
  if (verdict.kind === 'failed') return { status: 412, headers: { 'cache-control': 'no-store' }, body: null };
  if (verdict.kind === 'unchanged') {
    const usual = codings.includes('gzip') ? codingTag(etag, 'gzip') : etag;
    // The very tag that the client has: a cache finds the copy to refresh by it (RFC 9111 §4.3.4).
    return { status: 304, headers: { ...shared, etag: verdict.tag ?? usual }, body: null };
  }

  if (prepared.hasRanges) {
    shared['accept-ranges'] = 'bytes';
    const range = method === 'GET' ? readRange(conditions, body.length, { etag, lastModified }, now) : null;
    if (range === 'unsatisfiable') {
      const headers = { 'cache-control': 'no-store', 'content-range': `bytes */${body.length}` };
      return { status: 416, headers, body: null };
    }
    if (range !== null) {
      const headers = {
        ...shared,
        etag,
        'content-type': prepared.type,
        'content-range': `bytes ${range.start}-${range.end}/${body.length}`,
        'content-length': String(range.end - range.start + 1),
      };
      return { status: 206, headers, body: partOf(body, range) };
    }
  }

  const chosen = encoded === null ? null : chooseEncoded(codings, encoded);
  const bytes = chosen === null ? body : await chosen.body;
  const headers = {
    ...shared,
    etag: chosen === null ? etag : codingTag(etag, chosen.coding),
    ...(chosen === null ? {} : { 'content-encoding': chosen.coding }),
    'content-type': prepared.type,
    'content-length': String(bytes.length),
  };
  if (method === 'HEAD') return { status: 200, headers, body: null };
  return { status: 200, headers, body: partOf(bytes, { start: 0, end: bytes.length - 1 }) };
}

function partOf(body: Buffer | StreamedBody, range: ByteRange): Buffer | ReadableStream<Uint8Array> {
  return Buffer.isBuffer(body) ? body.subarray(range.start, range.end + 1) : body.stream(range);
}
