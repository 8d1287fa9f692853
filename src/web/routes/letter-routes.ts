import { Hono } from 'hono';
import { raw } from 'hono/html';
import { type Edition, type EditionState, renderWebVersion } from '../../digest/index.ts';
import { defaultLanguage } from '../../site.ts';
import { sendPage } from '../context-answers.ts';
import { messagePage } from '../pages/message-page.ts';
import { newsletterPage, newslettersPage } from '../pages/newsletters-page.ts';
import { editionCsp } from '../security-headers.ts';
import type { RouteContext } from './route-context.ts';

/** Editions that at least some readers have got. */
const shownStates: readonly EditionState[] = ['sending', 'paused', 'sent'];

const editionsShown = 200;

/** `/newsletters` and the editions on the web, in one language. */
export function letterRoutes(routes: RouteContext, lang: string): Hono {
  const { app } = routes;
  const router = new Hono();

  const recordOf = async (newsletter: (typeof app.newsletters)[number]) => ({
    newsletter,
    nextDue: app.nextDue(newsletter.name),
    editions: await app.editions.listEditions({
      newsletter: newsletter.name,
      states: shownStates,
      limit: editionsShown,
    }),
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
    if (edition === null || !shownStates.includes(edition.state)) return context.notFound();
    const page = await webVersion(edition);
    return page === null
      ? sendPage(context, messagePage(routes.view(lang), 'gone'), { status: 410 })
      : sendPage(context, raw(page), { csp: editionCsp });
  });

  /** The edition as it was frozen, without stories that have been withdrawn since; null where none is left. */
  const webVersion = async (edition: Edition): Promise<string | null> => {
    const all = await app.editions.listPieces(edition.id);
    const pieces =
      all.find((found) => found.lang === lang) ??
      all.find((found) => found.lang === defaultLanguage(app.site)) ??
      all[0];
    if (!pieces) return null;
    const published = app.published();
    const storyKeys = pieces.stories
      .map((story) => story.storyKey)
      .filter((storyKey) => published.findById(storyKey) !== null);
    return storyKeys.length === 0 ? null : renderWebVersion(pieces, storyKeys);
  };

  return router;
}
