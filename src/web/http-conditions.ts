/** The request headers that decide whether and how bytes are sent; names in lower case. */
export interface Conditions {
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly acceptEncoding: string | undefined;
}

/**
 * Whether the client's copy is still good (RFC 9110 §13.2.2): If-None-Match decides where it is there, by weak
 * comparison; only without it does If-Modified-Since count.
 *
 * @param tags All entity tags of the present bytes, one for each encoding: a client that changed its encodings, or
 *   stands behind a proxy that did, keeps its copy.
 * @param lastModified Epoch milliseconds, or null where it isn't known.
 */
export function isUnchanged(conditions: Conditions, tags: readonly string[], lastModified: number | null): boolean {
  if (conditions.ifNoneMatch !== undefined) {
    if (conditions.ifNoneMatch.trim() === '*') return true;
    const theirs = new Set(conditions.ifNoneMatch.match(/"[^"]*"/g) ?? []);
    return tags.some((tag) => theirs.has(tag));
  }
  if (conditions.ifModifiedSince === undefined || lastModified === null) return false;
  const since = Date.parse(conditions.ifModifiedSince);
  // HTTP dates have whole seconds.
  return Number.isFinite(since) && Math.floor(lastModified / 1000) * 1000 <= since;
}

/** Whether gzip is welcome (RFC 9110 §12.5.3): its own q-value, else that of `*`. No header means no. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  let any: number | null = null;
  for (const item of acceptEncoding.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2)) || 0;
    if (coding === 'gzip' || coding === 'x-gzip') return weight > 0;
    if (coding === '*') any = weight;
  }
  return any !== null && any > 0;
}

/** The tag of the same bytes, compressed: `"abc"` → `"abc-gzip"` (strong tags differ for each encoding). */
export function gzipTag(etag: string): string {
  return etag.replace(/"$/, '-gzip"');
}
