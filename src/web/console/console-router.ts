import { AppError } from '../../errors.ts';
import type { OperatorSession } from '../../operators/index.ts';
import type { ConsoleAssets } from '../assets.ts';
import { logFailed, statusOf } from '../error-status.ts';
import { basePath } from '../view.ts';
import type { ConsoleApp } from './console-app.ts';
import { readConsoleForm } from './console-form.ts';
import type { AnyRequest, ConsoleRequest, VisitorRequest } from './console-request.ts';
import { findRoute } from './console-route.ts';
import { consoleRoutes, openRoutes } from './console-routes.ts';
import { readCookie } from './cookies.ts';
import { messagePage } from './html/message-page.ts';
import { refreshHeader } from './html/own-refresh.ts';
import { isOwnOrigin } from './own-origin.ts';
import { packPage } from './pack-page.ts';
import { hasRight } from './rights.ts';
import { seeOther } from './see-other.ts';

/** What the listener knows of a request that the request itself doesn't say. */
export interface RequestPlace {
  /** Tells clients apart; null where that can't be known. */
  readonly client: string | null;
  /** Ends when the server stops. */
  readonly stopping: AbortSignal;
}

/**
 * Everything below `/console`. A path is one of the table of routes, exactly as it is written there, or it is none:
 * there are no second spellings that a right could be forgotten for.
 */
export function createConsoleRouter(
  app: ConsoleApp,
  assets: ConsoleAssets,
): (raw: Request, place: RequestPlace) => Promise<Response> {
  const { site, door, log } = app;
  const routes = consoleRoutes(app);
  const open = openRoutes(app);
  const base = `${basePath(site)}/console`;
  const linked: ConsoleAssets = {
    stylePath: basePath(site) + assets.stylePath,
    scriptPaths: assets.scriptPaths.map((path) => basePath(site) + path),
  };

  function visitorOf(raw: Request, { client, stopping }: RequestPlace): VisitorRequest {
    return {
      site,
      assets: linked,
      now: app.clock.now(),
      operator: null,
      params: {},
      query: new URL(raw.url).searchParams,
      headers: raw.headers,
      signal: AbortSignal.any([raw.signal, stopping]),
      isHtmx: raw.headers.get('hx-request') === 'true',
      notice: readCookie(site, 'notice', raw.headers.get('cookie')),
      raw,
      client,
      consolePath: (below) => base + (below === '/' ? '' : below),
      form: async () => new URLSearchParams(),
    };
  }

  async function findSession({ method, headers }: Request): Promise<OperatorSession | null> {
    const token = readCookie(site, 'session', headers.get('cookie'));
    // A page that keeps itself up to date isn't somebody at work.
    const isByItself = headers.get('accept') === 'text/event-stream' || headers.has(refreshHeader);
    const isActive = method === 'POST' || !isByItself;
    return token === null ? null : door.sessions.find(token, isActive);
  }

  async function answer(raw: Request, request: AnyRequest): Promise<Response> {
    const { pathname, search } = new URL(raw.url);
    const path = pathname.slice('/console'.length) || '/';
    const method = raw.method === 'HEAD' ? 'GET' : raw.method;
    if (method !== 'GET' && !isOwnOrigin(site, raw.headers)) return messagePage(request, 'foreign');
    if (method !== 'GET' && method !== 'POST') return messagePage(request, 'method');
    const openly = findRoute(open, method, path);
    if (openly !== null) return openly.route.answer({ ...request, ...partsOf(raw, openly) });
    if (request.operator === null) {
      if (method === 'POST') return messagePage(request, 'signed_out');
      // The whole page goes to the sign-in page, not a part of it.
      if (request.isHtmx) return new Response(null, { status: 403, headers: { 'HX-Refresh': 'true' } });
      return seeOther(request, `/sign-in?next=${encodeURIComponent(path + search)}`);
    }
    const found = findRoute(routes, method, path);
    if (found !== null) {
      const { right } = found.route;
      if (!request.may(right)) return messagePage(request, 'forbidden');
      if (door.requiresTotp && !request.session.hasTotp && right !== 'account:own') {
        return method === 'GET' ? seeOther(request, '/account/authenticator') : messagePage(request, 'needs_code');
      }
      const page = await found.route.answer({ ...request, ...partsOf(raw, found) });
      // What a deed answers may show a link for one person.
      return method === 'GET' && found.route.hasSecret !== true ? packPage(raw, page) : page;
    }
    const straight = path.replace(/\/+$/, '') || '/';
    if (straight !== path && method === 'GET') return seeOther(request, straight + search);
    return messagePage(request, 'not_found');
  }

  return async (raw, place) => {
    const visitor = visitorOf(raw, place);
    let request: AnyRequest = visitor;
    try {
      const session = await findSession(raw);
      if (session !== null) request = signedIn(visitor, session);
      return await answer(raw, request);
    } catch (error) {
      const status = statusOf(error);
      logFailed(log, '/console', error);
      return messagePage(request, 'failed', { status, sentence: error instanceof AppError ? error.message : null });
    }
  };
}

function signedIn(visitor: VisitorRequest, session: OperatorSession): ConsoleRequest {
  const { operator } = session;
  return { ...visitor, operator, session, may: (right) => hasRight(operator.role, right) };
}

const longestForm = 64 * 1024;

/** What of a request only its route tells. */
function partsOf(
  raw: Request,
  { route, params }: { readonly route: { readonly maxFormBytes?: number }; readonly params: AnyRequest['params'] },
): Pick<AnyRequest, 'params' | 'form'> {
  return { params, form: () => readConsoleForm(raw, route.maxFormBytes ?? longestForm) };
}
