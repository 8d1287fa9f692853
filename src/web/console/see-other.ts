import { commonHeaders } from '../security-headers.ts';
import type { AnyRequest } from './console-request.ts';
import { setCookie } from './cookies.ts';

const longestNotice = 1000;

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
  if (notice !== undefined)
    headers.append('set-cookie', setCookie(request.site, 'notice', notice.slice(0, longestNotice)));
  return new Response(null, { status: 303, headers });
}
