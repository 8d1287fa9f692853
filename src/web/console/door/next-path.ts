const base = 'http://console.invalid';

/**
 * Where somebody goes on to after signing in: what `next` says, where that is a path of the console, else the desk.
 *
 * @param text from the network: anything may be in it.
 */
export function nextPath(text: string | null): string {
  if (text === null || !/^\/(?![/\\])/.test(text) || !URL.canParse(`/console${text}`, base)) return '/';
  const { origin, pathname, search } = new URL(`/console${text}`, base);
  if (origin !== base || !(pathname === '/console' || pathname.startsWith('/console/'))) return '/';
  const path = pathname.slice('/console'.length);
  return /^\/(?![/\\])/.test(path) ? path + search : '/';
}
