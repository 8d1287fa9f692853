import { Hono } from 'hono';
import { feedFileNames } from '../../feeds/index.ts';
import { homePath, selectionPath } from '../../site.ts';
import { redirectHere, sendPage } from '../context-answers.ts';
import { parseFeedDocument } from '../feed-document-reader.ts';
import { feedPage } from '../pages/feed-page.ts';
import { feedsPage } from '../pages/feeds-page.ts';
import type { RouteContext } from './route-context.ts';

/** `/feeds`, and each feed as its subscribers get it, in one language. The documents are answered before the router. */
export function feedRoutes(routes: RouteContext, lang: string): Hono {
  const { app } = routes;
  const router = new Hono();

  router.get('/feeds', (context) => sendPage(context, feedsPage(routes.view(lang))));

  router.get('/feeds/select', async (context) => {
    const view = routes.view(lang);
    const query = new URL(context.req.url).search.slice(1);
    const selected = app.feeds.select(lang, query);
    if (selected.kind === 'invalid') return context.notFound();
    if (selected.kind === 'redirect') {
      return redirectHere(view.href(`${selectionPath(app.site, lang)}?${selected.query}`));
    }
    const document =
      selected.kind === 'selection'
        ? await selected.print('json')
        : app.feeds.find(`${homePath(app.site, lang)}${feedFileNames.json}`);
    if (document === null) return context.notFound();
    const model = parseFeedDocument(await app.feeds.bytesOf(document, 'identity'));
    return sendPage(context, feedPage(view, model, selected.kind === 'selection' ? `?${query}` : ''));
  });

  return router;
}
