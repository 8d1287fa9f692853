import { IncomingMessage, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { sentenceOf } from '../errors.ts';
import { type FeedFormat, feedFileNames } from '../feeds/index.ts';
import { homePath, selectionPath } from '../site.ts';
import { readAssets } from './assets.ts';
import { createClientAddress } from './client-address.ts';
import { statusOf } from './error-status.ts';
import { answerOtherMethod, createFeedAnswer, isRead, refuseGreedy } from './feed-answer.ts';
import { findSelectionDocument, isSelectionPage } from './feed-selections.ts';
import { answerHook, hookProvider } from './hook-answer.ts';
import { createHostRule } from './hosts.ts';
import { readOut } from './read-out.ts';
import { createRequestLimit } from './request-limit.ts';
import { createRouter } from './router.ts';
import { createRouteContext } from './routes/route-context.ts';
import { commonHeaders } from './security-headers.ts';
import { basePath } from './view.ts';
import type { WebApp } from './web-app.ts';

const noStore = { 'cache-control': 'no-store' };

/** Generous, for whole copies only: a program that says what it has may ask as often as it likes. */
const feedCopies = { requests: 600, periodMs: 600_000 };

/**
 * Health and what providers post, then host, then feeds, then pages.
 *
 * @param host The address that the server listens on.
 * @param stopping Ends what would go on for as long as it is looked at.
 */
export function createRequestListener(
  app: WebApp,
  host: string,
  stopping: AbortSignal,
): (request: IncomingMessage, response: ServerResponse) => void {
  const judgeHost = createHostRule({ site: app.site, hosts: app.hosts, boundTo: host });
  const limit = createFeedLimit(app.trustedProxies);
  const answerFeed = createFeedAnswer({ feeds: app.feeds, limit });
  const clientOf = createClientAddress(app.trustedProxies);
  const router = createRouter(createRouteContext(app, readAssets()));
  const listener = getRequestListener(
    (request, { incoming }) =>
      router.fetch(request, {
        client: incoming instanceof IncomingMessage ? clientOf(incoming) : null,
        stopping,
      }),
    { overrideGlobalObjects: false },
  );

  const answer = (request: IncomingMessage, response: ServerResponse): unknown => {
    const { authority, path, query } = targetOf(request);
    if (path === '/healthz') return sendJson(response, 200, { ok: true });
    if (path === '/readyz') return answerReadiness(app, response);
    const provider = hookProvider(app.site, path);
    if (provider !== null) return answerHook(app.hooks, provider, request, response);
    const verdict = judgeHost(authority, path);
    if (verdict.kind === 'misdirected') return sendJson(response, 421, { ok: false });
    // A provider's one-click POST to a link in an old mail must not be redirected (RFC 8058 §3.1): it is answered here.
    if (verdict.kind === 'moved' && isRead(request)) return redirect(response, verdict.to + verdict.path + query);
    const document = app.feeds.find(verdict.path);
    if (document !== null) return answerFeed(document, request, response);
    if (app.feeds.isWaiting(verdict.path)) return answerWaiting(response);
    const selected = findSelectionDocument(app.site, verdict.path);
    if (selected !== null) return answerSelection(selected, query, request, response);
    // As the documents of a selection: each new one takes some work.
    if (isSelectionPage(app.site, verdict.path) && refuseGreedy(limit, request, response)) return;
    // About the server as a whole (RFC 9110 §9.3.7).
    if (path === '*') return response.writeHead(204, { ...commonHeaders, allow: 'GET, HEAD, POST, OPTIONS' }).end();
    request.url = verdict.path + query;
    return listener(request, response);
  };

  const answerSelection = async (
    { lang, format }: { readonly lang: string; readonly format: FeedFormat },
    query: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const selected = app.feeds.select(lang, query.slice(1));
    const base = basePath(app.site);
    switch (selected.kind) {
      case 'selection':
        if (!isRead(request)) return answerOtherMethod(request.method, response);
        // Before the work, which each new selection takes.
        if (refuseGreedy(limit, request, response)) return;
        return answerFeed(await selected.print(format), request, response, true);
      case 'redirect':
        return redirect(response, `${base}${selectionPath(app.site, lang)}/${feedFileNames[format]}?${selected.query}`);
      case 'everything':
        return redirect(response, `${base}${homePath(app.site, lang)}${feedFileNames[format]}`);
      case 'invalid':
        return sendText(response, 404, `${selected.message}\n`);
      default:
        return selected satisfies never;
    }
  };

  const fail = (error: unknown, response: ServerResponse): void => {
    app.log.error('request', { error: sentenceOf(error) });
    if (response.headersSent) response.destroy();
    else {
      const status = statusOf(error);
      response
        .writeHead(status, { ...commonHeaders, ...noStore, ...(status === 503 ? { 'retry-after': '5' } : {}) })
        .end();
    }
  };
  return (request, response) => {
    readOut(request, response);
    try {
      const pending = answer(request, response);
      if (pending instanceof Promise) pending.catch((error: unknown) => fail(error, response));
    } catch (error) {
      fail(error, response);
    }
  };
}

function createFeedLimit(trustedProxies: readonly string[]): (request: IncomingMessage) => number | null {
  const addressOf = createClientAddress(trustedProxies);
  const limit = createRequestLimit({ ...feedCopies, nowMs: () => performance.now() });
  return (request) => {
    const address = addressOf(request);
    return address === null ? null : limit.take(address);
  };
}

interface Target {
  readonly authority: string | undefined;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/** What is asked for, in origin form or, as a proxy may write it, in absolute form (RFC 9112 §3.2). */
function targetOf(request: IncomingMessage): Target {
  const { url = '/' } = request;
  const absolute = url.startsWith('/') ? null : /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const authority = absolute?.[1] ?? request.headers.host;
  const rest = absolute?.[2] ?? url;
  const at = rest.indexOf('?');
  return at === -1
    ? { authority, path: rest || '/', query: '' }
    : { authority, path: rest.slice(0, at) || '/', query: rest.slice(at) };
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(301, { ...commonHeaders, location, 'cache-control': 'public, max-age=86400' }).end();
}

async function answerReadiness(app: WebApp, response: ServerResponse): Promise<void> {
  const readiness = await app.ready();
  sendJson(response, readiness.ok ? 200 : 503, readiness);
}

/** Not 404, which a program takes for an archive that is lost. */
function answerWaiting(response: ServerResponse): void {
  response.setHeader('retry-after', '60');
  sendText(response, 503, 'This part of the archive is being made. Ask again in a minute.\n');
}

function sendText(response: ServerResponse, status: number, text: string): void {
  const headers = { ...commonHeaders, ...noStore, 'content-type': 'text/plain; charset=utf-8' };
  response.writeHead(status, headers).end(text);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const headers = { ...commonHeaders, ...noStore, 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, headers).end(`${JSON.stringify(value)}\n`);
}
