import type { Context } from 'hono';
import { preparePage } from './files.ts';
import type { Html } from './html/html.ts';
import { answerPrepared, type Prepared } from './prepared-answer.ts';
import { commonHeaders, pageCsp } from './security-headers.ts';

export interface PageOptions {
  /** Default 200. */
  readonly status?: number;
  /** Default: the pages' own. */
  readonly csp?: string;
  /** For readers' own pages and the outbox: kept nowhere. */
  readonly isPrivate?: boolean;
}

/** Sends a page: compressed and with an ETag where it is public, kept nowhere where it is somebody's own. */
export async function sendPage(context: Context, page: Html, options: PageOptions = {}): Promise<Response> {
  const { status = 200, csp = pageCsp, isPrivate = false } = options;
  const text = String(await page);
  const headers = { ...commonHeaders, 'content-security-policy': csp };
  if (isPrivate || status !== 200) {
    return new Response(text, {
      status,
      headers: {
        ...headers,
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex',
      },
    });
  }
  // A minute: what is withdrawn must be gone soon.
  return sendPrepared(context, preparePage(text, 'public, max-age=60'), headers);
}

/** Sends bytes with ETag, 304, compression and, where they may be asked for, parts. */
export async function sendPrepared(
  context: Context,
  prepared: Prepared,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const answer = await answerPrepared(
    prepared,
    context.req.method,
    {
      ifMatch: context.req.header('if-match'),
      ifNoneMatch: context.req.header('if-none-match'),
      ifModifiedSince: context.req.header('if-modified-since'),
      ifUnmodifiedSince: context.req.header('if-unmodified-since'),
      acceptEncoding: context.req.header('accept-encoding'),
      range: context.req.header('range'),
      ifRange: context.req.header('if-range'),
    },
    Date.now(),
  );
  const body = Buffer.isBuffer(answer.body) ? new Uint8Array(answer.body) : answer.body;
  return new Response(body, { status: answer.status, headers: { ...headers, ...answer.headers } });
}

/** Sends a short plain text that nobody keeps. */
export function sendText(text: string, status = 200): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...commonHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/**
 * 301 to a path of this site. Whatever stands in `path`, it can't lead to another host.
 *
 * @param path Percent-encoded, with the path of the publication's URL before it.
 */
export function redirectHere(path: string): Response {
  return new Response(null, {
    status: 301,
    headers: {
      ...commonHeaders,
      location: path.replace(/^(?:[/\\]|%5c)+/i, '/'),
      'cache-control': 'public, max-age=3600',
    },
  });
}
