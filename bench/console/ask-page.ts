import { type Agent, get } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent. */
  readonly body: Buffer;
  /** Bytes of the page itself. */
  readonly size: number;
  /** Until its last byte was here. */
  readonly ms: number;
}

/** Asks for a page as a browser does. */
export function askPage(agent: Agent, url: string, cookie: string): Promise<PageAnswer> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { cookie, accept: 'text/html', 'accept-encoding': 'gzip' } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const ms = performance.now() - startedAt;
        const body = Buffer.concat(parts);
        const headers = Object.fromEntries(
          Object.entries(response.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value]] : [],
          ),
        );
        const size = headers['content-encoding'] === 'gzip' ? gunzipSync(body).length : body.length;
        resolve({ status: response.statusCode ?? 0, headers, body, size, ms });
      });
    }).on('error', reject);
  });
}
