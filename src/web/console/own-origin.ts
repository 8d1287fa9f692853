import type { Site } from '../../site.ts';
import { isLoopback } from '../loopback.ts';

/**
 * Whether a form was posted from a page of ours: by Origin, or, where a browser leaves that out, by Sec-Fetch-Site.
 * Another name that we answer under counts by its Host header, which has been judged by then, with the scheme of the
 * publication's URL; on loopback plain http does.
 */
export function isOwnOrigin(site: Pick<Site, 'url'>, headers: Headers): boolean {
  const origin = headers.get('origin');
  if (origin === null) return headers.get('sec-fetch-site') === 'same-origin';
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  const home = new URL(site.url);
  if (from.origin === home.origin) return true;
  const host = headers.get('host');
  if (host === null || from.host !== host.toLowerCase()) return false;
  return from.protocol === home.protocol || (from.protocol === 'http:' && isLoopback(from.hostname));
}
