import { toMs } from '../clock.ts';
import { type FeedDocument, feedContentTypes } from '../feeds/index.ts';
import { allTags, type Coding, codingTag } from './content-coding.ts';
import { commonHeaders } from './security-headers.ts';

/** Headers as Node takes them fastest: names and values in turn. Nobody changes them. */
export type RawHeaders = string[];

/** What is the same in every answer for one document. */
export interface FeedSheet {
  /** All entity tags of its bytes, one for each encoding. */
  readonly tags: readonly string[];
  /** Epoch milliseconds. */
  readonly lastModified: number;
  /** Headers of a 304 by the tag in it. */
  readonly unchanged: ReadonlyMap<string, RawHeaders>;
  /** Headers of a 200 with so many bytes. */
  headersOf(coding: Coding | 'plain', bytes: number): RawHeaders;
}

/** Feeds are public: pages of other sites may read them. */
export const feedHeaders: readonly string[] = [
  ...Object.entries(commonHeaders).flat(),
  'access-control-allow-origin',
  '*',
];

/** What those pages may see of an answer besides what any may. */
export const exposedHeaders: readonly string[] = ['access-control-expose-headers', 'ETag, Link, Retry-After'];

/** The sheet of a document: made at the first request for it, gone with it. */
export function createFeedSheets(): (document: FeedDocument) => FeedSheet {
  const sheets = new WeakMap<FeedDocument, FeedSheet>();
  return (document) => {
    const known = sheets.get(document);
    if (known) return known;
    const sheet = feedSheet(document);
    sheets.set(document, sheet);
    return sheet;
  };
}

function feedSheet(document: FeedDocument): FeedSheet {
  const { etag } = document;
  const lastModified = toMs(document.lastModified);
  const kept = [
    ...feedHeaders,
    'cache-control',
    `public, max-age=${document.maxAge}`,
    'vary',
    'Accept-Encoding',
    // In a 304 too: some programs forget a date that such an answer doesn't repeat.
    'last-modified',
    new Date(lastModified).toUTCString(),
  ];
  const whole = [...kept, ...exposedHeaders, 'content-type', feedContentTypes[document.format]];
  whole.push(...linksOf(document));
  const tags = allTags(etag);
  const known = new Map<Coding | 'plain', { readonly bytes: number; readonly headers: RawHeaders }>();
  return {
    tags,
    lastModified,
    unchanged: new Map(tags.map((tag) => [tag, [...kept, 'etag', tag]])),
    headersOf(coding, bytes) {
      const before = known.get(coding);
      if (before?.bytes === bytes) return before.headers;
      const headers = [...whole, 'content-length', String(bytes)];
      if (coding === 'plain') headers.push('etag', etag);
      else headers.push('etag', codingTag(etag, coding), 'content-encoding', coding);
      known.set(coding, { bytes, headers });
      return headers;
    },
  };
}

/** Which hubs tell of changes, and under which address (WebSub §4). */
function linksOf({ hubs, url }: FeedDocument): string[] {
  if (hubs.length === 0) return [];
  const links = hubs.map((hub) => `<${new URL(hub).href}>; rel="hub"`);
  links.push(`<${new URL(url).href}>; rel="self"`);
  return ['link', links.join(', ')];
}
