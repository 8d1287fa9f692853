import type { IncomingMessage, ServerResponse } from 'node:http';
import { maxHookBytes } from '../delivery/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Site } from '../site.ts';
import { commonHeaders } from './security-headers.ts';
import { basePath } from './view.ts';
import type { WebHooks } from './web-app.ts';

/** The provider of `/hooks/PROVIDER`, with or without the path of the publication's URL before it; else null. */
export function hookProvider(site: Site, path: string): string | null {
  const base = basePath(site);
  const local = base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  return /^\/hooks\/([a-z0-9-]{1,40})$/.exec(local)?.[1] ?? null;
}

/**
 * Answers what a provider posts. A signature is the only key: neither Host nor Origin is looked at, since providers know
 * nothing of either.
 */
export async function answerHook(
  hooks: WebHooks,
  provider: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): void => {
    response
      .writeHead(status, {
        ...commonHeaders,
        ...headers,
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
      })
      .end(`${text}\n`);
  };
  if (request.method !== 'POST') return send(405, 'Post it.', { allow: 'POST' });
  const body = await readBody(request);
  if (body === null) return send(413, 'Too long.');
  try {
    const answer = await hooks.receive(provider, singleHeaders(request), body);
    if (answer === null) return send(404, 'Nothing is taken here.');
    return send(answer.status, answer.text);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
    return send(503, sentenceOf(error));
  }
}

/** Null where there is more of it than any provider sends. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxHookBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function singleHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
