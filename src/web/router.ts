import { type Context, Hono } from 'hono';
import { defaultLanguage, homePath, languagePrefix } from '../site.ts';
import { createConsoleRouter } from './console/console-router.ts';
import { redirectHere, sendPage, sendText } from './context-answers.ts';
import { logFailed, statusOf } from './error-status.ts';
import { createOldAddresses } from './old-addresses.ts';
import { homePage } from './pages/home-page.ts';
import { messagePage } from './pages/message-page.ts';
import { articleRoutes } from './routes/article-routes.ts';
import { commonRoutes } from './routes/common-routes.ts';
import { confirmRoutes } from './routes/confirm-routes.ts';
import { feedRoutes } from './routes/feed-routes.ts';
import { indexRoutes } from './routes/index-routes.ts';
import { letterRoutes } from './routes/letter-routes.ts';
import { preferencesRoutes } from './routes/preferences-routes.ts';
import { requestRoutes } from './routes/request-routes.ts';
import type { RequestEnv, RouteContext } from './routes/route-context.ts';
import { subscribeRoutes } from './routes/subscribe-routes.ts';
import { unsubscribeRoutes } from './routes/unsubscribe-routes.ts';
import { basePath } from './view.ts';

/** Every page: of operators, and of readers in every language. Feeds are answered before it, `/healthz` and `/readyz` too. */
export function createRouter(routes: RouteContext): Hono<RequestEnv> {
  const { app } = routes;
  const { site } = app;
  const router = new Hono<RequestEnv>();

  const old = createOldAddresses(site, app.feeds);
  const base = basePath(site);
  router.route('/', commonRoutes(routes));
  if (app.console !== null) {
    const answer = createConsoleRouter(app.console, routes.assets.console);
    for (const path of ['/console', '/console/*']) router.all(path, ({ req, env }) => answer(req.raw, env));
  }
  router.route('/', indexRoutes(routes));
  for (const lang of site.languages) {
    const prefix = languagePrefix(site, lang) || '/';
    router.get(homePath(site, lang), (context) => {
      const { pathname, search } = new URL(context.req.url);
      const moved = old.findByQuery(app.published(), pathname, search);
      return moved === null ? sendPage(context, homePage(routes.view(lang), app.nextDue)) : redirectHere(moved);
    });
    router.route(prefix, articleRoutes(routes, lang, old));
    router.route(prefix, feedRoutes(routes, lang));
    router.route(prefix, letterRoutes(routes, lang));
    if (app.newsletters.length > 0) router.route(prefix, subscribeRoutes(routes, lang));
    router.route(prefix, confirmRoutes(routes, lang));
    router.route(prefix, preferencesRoutes(routes, lang));
    router.route(prefix, requestRoutes(routes, lang));
    router.route(prefix, unsubscribeRoutes(routes, lang));
  }

  router.notFound((context) => {
    const { path, method } = context.req;
    const isRead = method === 'GET' || method === 'HEAD';
    const { pathname, search } = new URL(context.req.url);
    const moved = old.find(app.published(), pathname, search);
    if (isRead && moved !== null) return redirectHere(moved);
    const straight = straightPath(site.languages, defaultLanguage(site), pathname);
    if (isRead && straight !== pathname) return redirectHere(base + straight + search);
    if (!isRead) return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    return sendPage(context, messagePage(routes.view(languageOf(routes, path)), 'not_found'), { status: 404 });
  });

  router.onError((error, context) => failed(routes, error, context));
  return router;
}

async function failed(routes: RouteContext, error: Error, context: Context): Promise<Response> {
  const status = statusOf(error);
  logFailed(routes.app.log, areaOf(routes, context.req.path), error);
  try {
    const page = messagePage(routes.view(languageOf(routes, context.req.path)), 'error');
    const answer = await sendPage(context, page, { status });
    if (status === 503) answer.headers.set('retry-after', '5');
    return answer;
  } catch {
    return sendText('Something went wrong.', status);
  }
}

/** `/preferences`, `/fa/preferences`: a path without what follows, which may be a reader's token. */
function areaOf({ app }: RouteContext, path: string): string {
  const [, first = '', second = ''] = path.split('/');
  return (app.site.languages.includes(first) ? `/${first}/${second}` : `/${first}`).slice(0, 40);
}

function languageOf({ app }: RouteContext, path: string): string {
  const first = path.split('/')[1];
  return app.site.languages.find((lang) => lang === first) ?? defaultLanguage(app.site);
}

/** The address that a person meant: without a trailing slash, a language's front page with one, no default prefix. */
function straightPath(languages: readonly string[], ofDefault: string, path: string): string {
  const [, first = '', ...rest] = path.split('/');
  if (first === ofDefault) return `/${rest.join('/')}`;
  if (languages.includes(first) && rest.length === 0) return `${path}/`;
  return path.length > 1 && path.endsWith('/') ? path.replace(/\/+$/, '') || '/' : path;
}
