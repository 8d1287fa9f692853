import { createServer, type Server } from 'node:http';
import { AppError } from '../errors.ts';
import { createRequestListener } from './request-listener.ts';
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
/** Node looks every half minute whether one of these two is over, unless told otherwise. */
const checkTimeoutsEveryMs = 2_000;
const keepAliveTimeoutMs = 5_000;
/** How long a request may go on after `close`. */
const drainMs = 5_000;

/**
 * Serves feeds, pages and readers' links.
 *
 * @throws AppError `unavailable` where the port is taken or may not be used, `invalid` where the address isn't ours.
 */
export async function startServer(app: WebApp, { host, port }: ServerOptions): Promise<WebServer> {
  const stopping = new AbortController();
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkTimeoutsEveryMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    createRequestListener(app, host, stopping.signal),
  );
  await listen(server, host, port);
  // One that couldn't be taken, as when there is no room for it.
  server.on('error', (error) => app.log.error('problem', { message: `A connection was lost: ${error.message}.` }));
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name === '0.0.0.0' || name === '[::]' ? 'localhost' : name}:${listening}`,
    port: listening,
    close() {
      stopping.abort();
      return close(server);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(listenFault(error, host, port));
    server.once('error', fail).listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
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
