import { Hono } from 'hono';
import { sendPage } from '../context-answers.ts';
import { parseFeedDocument } from '../feed-document-reader.ts';
import { findSelection } from '../feed-selection.ts';
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
    const selection = findSelection(view, context.req.queries());
    const document = selection === null ? null : app.feeds.find(selection.documentPath);
    if (selection === null || document === null) return context.notFound();
    return sendPage(
      context,
      feedPage(view, parseFeedDocument(await app.feeds.bytesOf(document, 'identity')), selection.query),
    );
  });

  return router;
}
