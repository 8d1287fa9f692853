import type { AnyRequest, ConsoleRequest } from './console-request.ts';
import type { Right } from './rights.ts';

interface RoutePlace {
  /** HEAD is answered as GET. */
  readonly method: 'GET' | 'POST';
  /** Below `/console`: `/editions/:id/pause`; `/` is the desk. Of equal methods the first that matches answers. */
  readonly path: string;
  /** The longest body that is read as a form, in bytes; default 64 KiB. */
  readonly maxFormBytes?: number;
}

/** A page or deed of the console. What is in no table of routes doesn't exist. */
export interface ConsoleRoute extends RoutePlace {
  readonly right: Right;
  /**
   * Whether its page holds a link, code or token that is worth something to others: it isn't compressed then, since its
   * length would tell of what stands beside text that others chose (BREACH). Default: it doesn't.
   */
  readonly hasSecret?: boolean;
  answer(request: ConsoleRequest): Response | Promise<Response>;
}

/** A page that nobody has to be signed in for. */
export interface OpenRoute extends RoutePlace {
  answer(request: AnyRequest): Response | Promise<Response>;
}

/** The route that answers, with what stands in the place of each `:name` of its path; null where none does. */
export function findRoute<Route extends RoutePlace>(
  routes: readonly Route[],
  method: Route['method'],
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | null {
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path, path) : null;
    if (params !== null) return { route, params };
  }
  return null;
}

/**
 * What stands in the place of each `:name`; null where the path is another one. Segments are compared as they were
 * sent, so that an encoded slash or another case makes another path.
 */
function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const found = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== found) return null;
      continue;
    }
    const value = decodeSegment(found);
    if (value === null || value === '') return null;
    params[segment.slice(1)] = value;
  }
  return params;
}

function decodeSegment(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
