import type { IncomingHttpHeaders } from 'node:http';

/** The request headers that decide whether and how bytes are sent; names in lower case. */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
  readonly acceptEncoding?: string | undefined;
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
}

/** What the conditions come to: the bytes are sent, the client has them under `tag`, or 412. */
export type Verdict =
  | { readonly kind: 'send' }
  /** `tag` is the one of theirs that matched; null where they named none of ours. */
  | { readonly kind: 'unchanged'; readonly tag: string | null }
  | { readonly kind: 'failed' };

const send: Verdict = { kind: 'send' };
const failed: Verdict = { kind: 'failed' };

export function conditionsOf(headers: IncomingHttpHeaders): Conditions {
  return {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
    acceptEncoding: headers['accept-encoding']?.toString(),
    range: headers.range,
    ifRange: headers['if-range']?.toString(),
  };
}

/** Whether the client says that it has the bytes, or had them: it gets 304 where they are the same. */
export function isConditional(headers: IncomingHttpHeaders): boolean {
  return headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
}

/**
 * Weighs the conditions of a GET or HEAD in the order of RFC 9110 §13.2.2: a tag decides where there is one, and only
 * without it does a date count. If-None-Match compares weakly, If-Match strongly.
 *
 * @param tags All entity tags of the present bytes, one for each encoding: a client that changed its encodings, or
 *   stands behind a proxy that did, keeps its copy.
 * @param lastModified Epoch milliseconds, or null where it isn't known.
 */
export function weighConditions(conditions: Conditions, tags: readonly string[], lastModified: number | null): Verdict {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined) {
    if (ifMatch.trim() !== '*' && !strongTags(ifMatch).some((tag) => tags.includes(tag))) return failed;
  } else if (lastModified !== null) {
    const since = parseHttpDate(conditions.ifUnmodifiedSince);
    if (since !== null && wholeSeconds(lastModified) > since) return failed;
  }
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() === '*') return { kind: 'unchanged', tag: null };
    const theirs = new Set(ifNoneMatch.match(/"[^"]*"/g) ?? []);
    const tag = tags.find((ours) => theirs.has(ours));
    return tag === undefined ? send : { kind: 'unchanged', tag };
  }
  if (lastModified === null) return send;
  const since = parseHttpDate(conditions.ifModifiedSince);
  return since !== null && wholeSeconds(lastModified) <= since ? { kind: 'unchanged', tag: null } : send;
}

/** HTTP dates have whole seconds. */
export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

const dateForms = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/,
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  /^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2}) GMT$/,
] as const;
// asctime: Sun Nov  6 08:49:37 1994
const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/;

/** Epoch milliseconds of a date in one of the three forms of RFC 9110 §5.6.7; null for anything else. */
export function parseHttpDate(text: string | undefined): number | null {
  if (text === undefined) return null;
  const old = asctime.exec(text);
  if (old) return epochOf(old[2], old[1], old[4], old[3]);
  for (const form of dateForms) {
    const found = form.exec(text);
    if (found) return epochOf(found[1], found[2], found[3], found[4]);
  }
  return null;
}

function epochOf(day = '', month = '', year = '', time = ''): number | null {
  const full = year.length === 2 ? (Number(year) < 70 ? '20' : '19') + year : year;
  const ms = Date.parse(`${day.trim()} ${month} ${full} ${time} GMT`);
  return Number.isFinite(ms) ? ms : null;
}

function strongTags(header: string): string[] {
  return [...header.matchAll(/(W\/)?("[^"]*")/g)].flatMap(([, weak, tag]) => (weak || !tag ? [] : [tag]));
}
