import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a connection that is to be closed waits for the rest of its request. */
const lingerMs = 5_000;

/**
 * Reads on after an answer that came before all of its request had, and throws away what comes, so that the answer gets
 * through (RFC 9112 §9.6): a connection that is closed while bytes are still coming is reset, and the answer may be lost
 * with it. nginx asks for the connection to be closed with each request, and tells its client 502 then, in place of “too
 * long”. Node would close it with the answer’s last byte.
 */
export function readOut(request: IncomingMessage, response: ServerResponse): void {
  const { headers, socket } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody) return;
  const isLast = !response.shouldKeepAlive;
  response.shouldKeepAlive = true;
  response.once('finish', () => {
    if (request.complete || request.destroyed) {
      if (isLast) socket.destroySoon();
      return;
    }
    if (isLast) {
      const close = (): void => {
        clearTimeout(timer);
        socket.destroySoon();
      };
      const timer = setTimeout(close, lingerMs);
      request.once('close', close);
    }
    // A body that was begun as a web stream would pause at each piece.
    request.removeAllListeners('data').resume();
  });
}
