import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { AppError, sentenceOf } from '../errors.ts';
import { readAssets } from './assets.ts';
import { answerFeed } from './feed-answer.ts';
import { createHostRule } from './hosts.ts';
import { isLoopback } from './loopback.ts';
import { createRouter } from './router.ts';
import { createRouteContext } from './routes/route-context.ts';
import { commonHeaders } from './security-headers.ts';
import { basePath } from './view.ts';
import type { WebApp } from './web-app.ts';

export interface ServerOptions {
  /** Address to listen on. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface WebServer {
  /** Where it can be reached: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, lets open requests finish, and resolves when all are closed. */
  close(): Promise<void>;
}

const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const keepAliveTimeoutMs = 5_000;
/** How long a request may go on after `close`. */
const drainMs = 5_000;

/**
 * Serves feeds, pages and readers' links.
 *
 * @throws AppError `unavailable` where the port is taken or may not be used, `invalid` where the address isn't ours.
 */
export async function startServer(app: WebApp, { host, port }: ServerOptions): Promise<WebServer> {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs },
    requestListener(app, host),
  );
  await listen(server, host, port);
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name === '0.0.0.0' || name === '[::]' ? 'localhost' : name}:${listening}`,
    port: listening,
    close: () => close(server),
  };
}

/** Health, then host, then feeds, then pages. */
function requestListener(app: WebApp, host: string): (request: IncomingMessage, response: ServerResponse) => void {
  const judgeHost = createHostRule({ site: app.site, hosts: app.hosts, boundTo: host });
  const router = createRouter(createRouteContext(app, readAssets(), isLoopback(host)));
  const base = basePath(app.site);
  const listener = getRequestListener((request) => router.fetch(request), { overrideGlobalObjects: false });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/', query] = (request.url ?? '/').split('?', 2);
    if (path === '/healthz') return sendJson(response, 200, { ok: true });
    if (path === '/readyz') {
      const readiness = await app.ready();
      return sendJson(response, readiness.ok ? 200 : 503, readiness);
    }
    const verdict = judgeHost(request.headers.host);
    if (verdict.kind === 'misdirected') return sendJson(response, 421, { ok: false });
    if (verdict.kind === 'moved') {
      const target = verdict.to + path + (query === undefined ? '' : `?${query}`);
      response.writeHead(301, { ...commonHeaders, location: target }).end();
      return;
    }
    const local = base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : path;
    const document = app.feeds.find(local);
    if (document !== null) return answerFeed(app.feeds, document, request, response);
    request.url = query === undefined ? local : `${local}?${query}`;
    await listener(request, response);
  };

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      app.log.error('request', { error: sentenceOf(error) });
      if (response.headersSent) response.destroy();
      else response.writeHead(500, commonHeaders).end();
    });
  };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const headers = { ...commonHeaders, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(`${JSON.stringify(value)}\n`);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFault(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenFault(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new AppError(
        'unavailable',
        `Port ${port} is taken by another program. Stop that one, or choose another port with SILKPOST_PORT.`,
        { cause: error },
      );
    case 'EACCES':
      return new AppError('unavailable', `Port ${port} may not be used by this user. Choose one above 1023.`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new AppError('invalid', `${host} is not an address of this machine: check web.host.`, { cause: error });
    default:
      return new AppError('unavailable', `The web server can't listen on ${host}:${port}: ${error.message}.`, {
        cause: error,
      });
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // `close` waits for connections that are kept alive, so those are ended as soon as they are idle.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const hurry = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(hurry);
      resolve();
    });
    server.closeIdleConnections();
  });
}
