import { commonHeaders } from '../security-headers.ts';
import type { AnyRequest } from './console-request.ts';
import { setCookie } from './cookies.ts';

/** Browsers drop a cookie of more than 4096 bytes (RFC 6265 §6.1), its name and attributes among them. */
const longestNotice = 3500;

/**
 * Goes on to a page of the console after a form was posted, so that a reload posts nothing again.
 *
 * @param path below `/console`, always one of our own.
 * @param notice a sentence that the next page shows, once.
 */
export function seeOther(request: AnyRequest, path: string, notice?: string): Response {
  const headers = new Headers({
    ...commonHeaders,
    'cache-control': 'no-store',
    location: request.consolePath(path),
  });
  if (notice !== undefined) headers.append('set-cookie', setCookie(request.site, 'notice', cut(notice)));
  return new Response(null, { status: 303, headers });
}

/** As much of a notice as a cookie holds, percent-encoded as it is there. */
function cut(notice: string): string {
  let [kept, bytes] = ['', 0];
  for (const character of notice.toWellFormed()) {
    bytes += encodeURIComponent(character).length;
    if (bytes > longestNotice) return `${kept}…`;
    kept += character;
  }
  return kept;
}
