import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { FeedDocument } from '../feeds/index.ts';
import { acceptedCodings, type Coding, chooseEncoded, codingTag } from './content-coding.ts';
import { createFeedSheets, exposedHeaders, type FeedSheet, feedHeaders } from './feed-sheet.ts';
import { conditionsOf, isConditional, type Verdict, weighConditions } from './http-conditions.ts';
import type { WebFeeds } from './web-app.ts';

export interface FeedAnswerParts {
  readonly feeds: Pick<WebFeeds, 'bytesOf' | 'polls'>;
  /**
   * Asked before a whole document is sent to somebody who didn't say what they have: null, or the seconds after which
   * they may ask again.
   */
  readonly limit: (request: IncomingMessage) => number | null;
}

/** @param isWeighed Whether the limit was asked before, since the document had to be made first. */
export type FeedAnswer = (
  document: FeedDocument,
  request: IncomingMessage,
  response: ServerResponse,
  isWeighed?: boolean,
) => void;

const methods = 'GET, HEAD, OPTIONS';
const keptCodings = 200;
const send: Verdict = { kind: 'send' };

/**
 * Answers for feed documents, past the router: this is what programs ask for all day. What doesn't depend on the
 * request is made once for each document, and nothing is awaited where the bytes are at hand.
 *
 * GET and HEAD with ETag and Last-Modified, both with 304; OPTIONS for browsers, which ask before they send a page's
 * If-None-Match; any other method gets 405 (RFC 9110 §15.5.6).
 */
export function createFeedAnswer({ feeds, limit }: FeedAnswerParts): FeedAnswer {
  const sheetOf = createFeedSheets();
  const codingsOf = createCodingsReader();

  return (document, request, response, isWeighed = false) => {
    const { method, headers } = request;
    if (!isRead(request)) return answerOtherMethod(method, response);
    const sheet = sheetOf(document);
    const verdict = weigh(headers, sheet);
    if (verdict.kind === 'failed') {
      response.writeHead(412, [...feedHeaders, 'cache-control', 'no-store']).end();
      return;
    }
    const codings = codingsOf(headers['accept-encoding']);
    if (verdict.kind === 'unchanged') {
      if (method === 'GET') feeds.polls.count(document.path, true, headers['user-agent']);
      const tag = verdict.tag ?? (codings.includes('gzip') ? codingTag(document.etag, 'gzip') : document.etag);
      response.writeHead(304, sheet.unchanged.get(tag)).end();
      return;
    }
    if (!isWeighed && method === 'GET' && refuseGreedy(limit, request, response)) return;
    if (method === 'GET') feeds.polls.count(document.path, false, headers['user-agent']);
    const sendAs = (coding: Coding | 'plain', body: Buffer): void => {
      response.writeHead(200, sheet.headersOf(coding, body.length));
      response.end(method === 'HEAD' ? undefined : body);
    };
    const chosen = chooseEncoded(codings, (coding) => feeds.bytesOf(document, coding));
    const { coding, body } = chosen ?? { coding: 'plain', body: feeds.bytesOf(document, 'identity') };
    if (Buffer.isBuffer(body)) sendAs(coding, body);
    else {
      body
        .then((bytes) => sendAs(coding, bytes))
        // Better plain than not at all.
        .catch(async () => sendAs('plain', await feeds.bytesOf(document, 'identity')))
        .catch(() => response.writeHead(503, [...feedHeaders, 'retry-after', '5', 'cache-control', 'no-store']).end());
    }
  };
}

/** What most programs send is seen at once: nothing, or the tag that they were given. */
function weigh(headers: IncomingHttpHeaders, sheet: FeedSheet): Verdict {
  const rare = headers['if-match'] ?? headers['if-unmodified-since'];
  const tag = headers['if-none-match'];
  if (rare === undefined) {
    if (tag === undefined) {
      if (headers['if-modified-since'] === undefined) return send;
    } else if (sheet.unchanged.has(tag)) return { kind: 'unchanged', tag };
  }
  return weighConditions(conditionsOf(headers), sheet.tags, sheet.lastModified);
}

/** Remembers headers that it read: programs send few different ones, and one who sends many costs only the work. */
function createCodingsReader(): (acceptEncoding: string | string[] | undefined) => readonly Coding[] {
  const known = new Map<string, readonly Coding[]>();
  return (acceptEncoding = '') => {
    const header = String(acceptEncoding);
    const before = known.get(header);
    if (before) return before;
    const codings = acceptedCodings(header);
    if (known.size >= keptCodings) known.clear();
    known.set(header, codings);
    return codings;
  };
}

export function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** OPTIONS, and what nobody can do with a feed. */
export function answerOtherMethod(method: string | undefined, response: ServerResponse): void {
  if (method !== 'OPTIONS') {
    response.writeHead(405, [...feedHeaders, 'allow', methods]).end();
    return;
  }
  const asked = ['access-control-allow-methods', methods];
  asked.push('access-control-allow-headers', 'If-None-Match, If-Modified-Since, Cache-Control');
  response.writeHead(204, [...feedHeaders, 'allow', methods, ...asked, 'access-control-max-age', '86400']).end();
}

/** Answers 429 where somebody who doesn’t say what they have asks too often; whether it did. */
export function refuseGreedy(
  limit: FeedAnswerParts['limit'],
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const seconds = isConditional(request.headers) ? null : limit(request);
  if (seconds !== null) refuse(response, seconds);
  return seconds !== null;
}

/** In plain words, and never with a puzzle to solve: it is programs that ask here. */
function refuse(response: ServerResponse, seconds: number): void {
  const text =
    'Too many whole copies of feeds were asked for from your address. ' +
    `Ask again in ${seconds} seconds, with If-None-Match or If-Modified-Since: such requests are never refused.\n`;
  const headers = [...feedHeaders, ...exposedHeaders, 'retry-after', String(seconds), 'cache-control', 'no-store'];
  headers.push('content-type', 'text/plain; charset=utf-8', 'content-length', String(Buffer.byteLength(text)));
  response.writeHead(429, headers).end(text);
}
