import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptedCodings } from '../content-coding.ts';

/** Shorter ones fit into a packet as they are. */
const shortestBytes = 1400;
const pack = promisify(gzip);

/** A page, compressed where the client takes that; anything else, streams above all, as it is. */
export async function packPage(raw: Request, page: Response): Promise<Response> {
  if (page.body === null || !page.headers.get('content-type')?.startsWith('text/html')) return page;
  const headers = new Headers(page.headers);
  headers.append('vary', 'Accept-Encoding');
  const plain = await page.arrayBuffer();
  const isPacked =
    plain.byteLength >= shortestBytes &&
    acceptedCodings(raw.headers.get('accept-encoding') ?? undefined).includes('gzip');
  if (!isPacked) return new Response(plain, { status: page.status, headers });
  headers.set('content-encoding', 'gzip');
  return new Response(new Uint8Array(await pack(plain)), { status: page.status, headers });
}
