import { Hono } from 'hono';
import { raw } from 'hono/html';
import {
  type Edition,
  isShown,
  piecesFor,
  renderWebVersion,
  shownEditionStates,
  storiesShown,
} from '../../digest/index.ts';
import { sendPage } from '../context-answers.ts';
import { messagePage } from '../pages/message-page.ts';
import { newsletterPage, newslettersPage } from '../pages/newsletters-page.ts';
import { editionCsp } from '../security-headers.ts';
import type { RouteContext } from './route-context.ts';

const editionsShown = 200;

/** `/newsletters` and the editions on the web, in one language. */
export function letterRoutes(routes: RouteContext, lang: string): Hono {
  const { app } = routes;
  const router = new Hono();

  const recordOf = async (newsletter: (typeof app.newsletters)[number]) => ({
    newsletter,
    nextDue: app.nextDue(newsletter.name),
    editions: (
      await app.editions.listEditions({
        newsletter: newsletter.name,
        states: shownEditionStates,
        limit: editionsShown,
      })
    ).filter(isShown),
  });

  router.get('/newsletters', async (context) =>
    sendPage(context, newslettersPage(routes.view(lang), await Promise.all(app.newsletters.map(recordOf)))),
  );

  router.get('/newsletters/:name', async (context) => {
    const newsletter = app.newsletters.find((known) => known.name === context.req.param('name'));
    if (!newsletter) return context.notFound();
    return sendPage(context, newsletterPage(routes.view(lang), await recordOf(newsletter)));
  });

  router.get('/newsletters/:name/:key', async (context) => {
    const { name, key } = context.req.param();
    const edition = app.newsletters.some((known) => known.name === name)
      ? await app.editions.findByKey(name, key)
      : null;
    if (edition === null || !isShown(edition)) return context.notFound();
    const page = await webVersion(edition);
    return page === null
      ? sendPage(context, messagePage(routes.view(lang), 'gone'), { status: 410 })
      : sendPage(context, raw(page), { csp: editionCsp });
  });

  /** The edition as it was frozen, without stories that have been withdrawn since; null where none is left. */
  const webVersion = async (edition: Edition): Promise<string | null> => {
    const pieces = piecesFor(await app.editions.listPieces(edition.id), lang, app.site);
    const stories = pieces && storiesShown(pieces, app.published());
    if (pieces === null || stories === null) return null;
    return renderWebVersion(
      pieces,
      stories.map(({ storyKey }) => storyKey),
    );
  };

  return router;
}
