import type { Site } from '../../site.ts';
import { basePath } from '../view.ts';

/** The console's cookies: a session's token, and what the next page has to say. */
export type CookieName = 'session' | 'notice';

/**
 * Under https `__Host-` keeps other hosts of the domain from setting them. Browsers refuse that prefix over plain http,
 * which only loopback should be: there they carry a plain name and stay below the console's path.
 */
function place(site: Site): { readonly prefix: string; readonly attributes: string } {
  return site.url.startsWith('https:')
    ? { prefix: '__Host-silkpost-', attributes: 'Path=/; Secure' }
    : { prefix: 'silkpost-', attributes: `Path=${basePath(site)}/console` };
}

/** A Set-Cookie header, until the browser is closed. */
export function setCookie(site: Site, name: CookieName, value: string): string {
  const { prefix, attributes } = place(site);
  return `${prefix}${name}=${encodeURIComponent(value)}; ${attributes}; HttpOnly; SameSite=Lax`;
}

/** A Set-Cookie header that takes one away. */
export function dropCookie(site: Site, name: CookieName): string {
  return `${setCookie(site, name, '')}; Max-Age=0`;
}

/** A cookie's value; null where it isn't there exactly once: two may come from somebody who wants to pass off their own. */
export function readCookie(site: Site, name: CookieName, header: string | null): string | null {
  const wanted = `${place(site).prefix}${name}=`;
  const found = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(wanted));
  const [only = ''] = found;
  if (found.length !== 1 || only === wanted) return null;
  try {
    return decodeURIComponent(only.slice(wanted.length));
  } catch {
    return null;
  }
}
