import { Hono } from 'hono';
import { raw } from 'hono/html';
import {
  type Edition,
  isShown,
  type Newsletter,
  piecesFor,
  preheaderOf,
  renderWebVersion,
  shownEditionStates,
  storiesShown,
} from '../../digest/index.ts';
import { defaultLanguage } from '../../site.ts';
import { sendPage } from '../context-answers.ts';
import { editionDocument } from '../html/edition-document.ts';
import { messagePage } from '../pages/message-page.ts';
import { type ListedEdition, newsletterPage, newslettersPage } from '../pages/newsletters-page.ts';
import { editionCsp } from '../security-headers.ts';
import type { View } from '../view.ts';
import type { RouteContext } from './route-context.ts';

const editionsOnPage = 30;
const editionsInOverview = 5;

/** `/newsletters` and the editions on the web, in one language. */
export function letterRoutes(routes: RouteContext, lang: string): Hono {
  const { app } = routes;
  const router = new Hono();

  const findNewsletter = (name: string): Newsletter | undefined => app.newsletters.find((known) => known.name === name);

  /** Without the editions of which nothing may be shown any more. */
  const listed = async (editions: readonly Edition[]): Promise<ListedEdition[]> => {
    const ids = editions.map(({ id }) => id);
    const texts = await app.editions.listTexts(ids, [...new Set([lang, defaultLanguage(app.site)])]);
    const published = app.published();
    return editions.flatMap(({ id, key, dueAt }): ListedEdition[] => {
      const own = piecesFor(texts.get(id) ?? [], lang, app.site);
      if (own === null) return [{ key, dueAt, headline: null }];
      const shown = storiesShown(own, published);
      return shown === null ? [] : [{ key, dueAt, headline: { lang: shown[0].lang, title: shown[0].title } }];
    });
  };

  const listOut = (newsletter: string, limit: number, offset = 0): Promise<Edition[]> =>
    app.editions.listEditions({ newsletter, states: shownEditionStates, isFrozen: true, limit, offset });

  router.get('/newsletters', async (context) => {
    const records = app.newsletters.map(async (newsletter) => ({
      newsletter,
      nextDue: app.nextDue(newsletter.name),
      editions: await listed(await listOut(newsletter.name, editionsInOverview)),
    }));
    return sendPage(context, newslettersPage(routes.view(lang), await Promise.all(records)));
  });

  router.get('/newsletters/:name', async (context) => {
    const newsletter = findNewsletter(context.req.param('name'));
    const number = pageNumber(context.req.query('page'));
    if (!newsletter || number === null) return context.notFound();
    const found = await listOut(newsletter.name, editionsOnPage + 1, (number - 1) * editionsOnPage);
    if (found.length === 0 && number > 1) return context.notFound();
    const editions = await listed(found.slice(0, editionsOnPage));
    const record = { newsletter, nextDue: app.nextDue(newsletter.name), editions };
    const place = { number, isLast: found.length <= editionsOnPage };
    return sendPage(context, newsletterPage(routes.view(lang), record, place));
  });

  router.get('/newsletters/:name/:key', async (context) => {
    const { name, key } = context.req.param();
    const newsletter = findNewsletter(name);
    const edition = newsletter === undefined ? null : await app.editions.findByKey(name, key);
    if (newsletter === undefined || edition === null || !isShown(edition)) return context.notFound();
    const view = routes.view(lang);
    const page = await webVersion(view, newsletter, edition);
    return page === null
      ? sendPage(context, messagePage(view, 'edition_gone'), { status: 410 })
      : sendPage(context, raw(page), { csp: editionCsp });
  });

  /** The edition as it was frozen, without stories that have been withdrawn since; null where none is left. */
  const webVersion = async (view: View, newsletter: Newsletter, edition: Edition): Promise<string | null> => {
    const all = await app.editions.listPieces(edition.id);
    const pieces = piecesFor(all, lang, app.site);
    const stories = pieces && storiesShown(pieces, view.published);
    if (pieces === null || stories === null) return null;
    const written = new Set(all.map((one) => one.lang));
    return editionDocument(view, {
      newsletter,
      edition,
      languages: app.site.languages.filter((one) => written.has(one)),
      lang: pieces.lang,
      summary: preheaderOf(stories),
      html: renderWebVersion(
        pieces,
        stories.map(({ storyKey }) => storyKey),
      ),
    });
  };

  return router;
}

/** `?page=2`; 1 where it isn't said, null for what is no page's number. */
function pageNumber(written: string | undefined): number | null {
  if (written === undefined) return 1;
  return /^[1-9]\d{0,5}$/.test(written) ? Number(written) : null;
}
