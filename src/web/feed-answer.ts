import type { IncomingMessage, ServerResponse } from 'node:http';
import { toMs } from '../clock.ts';
import { type FeedDocument, feedContentTypes } from '../feeds/index.ts';
import { answerPrepared } from './prepared-answer.ts';
import { commonHeaders } from './security-headers.ts';
import type { WebFeeds } from './web-app.ts';

/**
 * Answers for a feed document, past the router: this is what programs ask for all day.
 *
 * GET and HEAD with ETag and Last-Modified, both with 304; any other method gets 405 (RFC 9110 §15.5.6).
 */
export async function answerFeed(
  feeds: WebFeeds,
  document: FeedDocument,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET';
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { ...commonHeaders, allow: 'GET, HEAD' }).end();
    return;
  }
  const answer = await answerPrepared(
    {
      body: await feeds.bytesOf(document, 'identity'),
      type: feedContentTypes[document.format],
      etag: document.etag,
      lastModified: toMs(document.lastModified),
      cacheControl: `public, max-age=${feeds.maxAge}`,
      gzip: async () => feeds.bytesOf(document, 'gzip'),
    },
    method,
    {
      ifNoneMatch: request.headers['if-none-match'],
      ifModifiedSince: request.headers['if-modified-since'],
      acceptEncoding: request.headers['accept-encoding']?.toString(),
    },
  );
  // Feeds are public: pages of other sites may read them.
  response.writeHead(answer.status, { ...commonHeaders, ...answer.headers, 'access-control-allow-origin': '*' });
  response.end(answer.body ?? undefined);
}
