import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { localized } from '../../site.ts';
import { sendPage, sendText } from '../context-answers.ts';
import { messagePage } from '../pages/message-page.ts';
import { preferencesPage } from '../pages/preferences-page.ts';
import { leftPage, unsubscribePage } from '../pages/unsubscribe-page.ts';
import type { RouteContext } from './route-context.ts';

const longestForm = 16 * 1024;

/**
 * `/unsubscribe/TOKEN` and `/preferences/TOKEN` in one language. A GET changes nothing; the token is the only key, so
 * no cookie, Origin or session is looked at.
 */
export function readerRoutes(routes: RouteContext, lang: string): Hono {
  const { app } = routes;
  const router = new Hono();
  const limit = bodyLimit({ maxSize: longestForm, onError: () => sendText('Too long.', 413) });

  const titleOf = (name: string): string => {
    const newsletter = app.newsletters.find((known) => known.name === name);
    return newsletter ? localized(newsletter.title, lang, app.site) : name;
  };

  router.get('/unsubscribe/:token', async (context) => {
    const token = context.req.param('token');
    const link = await app.readers.readUnsubscribe(token);
    const view = routes.view(lang);
    return link === null
      ? sendPage(context, messagePage(view, 'token'), { status: 404, isPrivate: true })
      : sendPage(context, unsubscribePage(view, token, titleOf(link.newsletter)), { isPrivate: true });
  });

  // RFC 8058 §3.1: 200 without a redirect or cookie, urlencoded or multipart, for a repeat and an unknown token too.
  router.post('/unsubscribe/:token', limit, async (context) => {
    const token = context.req.param('token');
    const form = await readForm(context);
    const button = form['leave'];
    if (button === undefined) {
      await app.readers.leave(token, 'newsletter', 'one-click');
      return sendText('You have left this newsletter.');
    }
    const link = await app.readers.readUnsubscribe(token);
    const view = routes.view(lang);
    if (link === null) return sendPage(context, messagePage(view, 'token'), { status: 404, isPrivate: true });
    await app.readers.leave(token, button === 'all' ? 'all' : 'newsletter', 'page');
    return sendPage(context, leftPage(view, button === 'all' ? null : titleOf(link.newsletter)), { isPrivate: true });
  });

  router.get('/preferences/:token', async (context) => {
    const token = context.req.param('token');
    const reader = await app.readers.readPreferences(token);
    const view = routes.view(lang);
    return reader === null
      ? sendPage(context, messagePage(view, 'token'), { status: 404, isPrivate: true })
      : sendPage(context, preferencesPage(view, token, reader), { isPrivate: true });
  });

  router.post('/preferences/:token', limit, async (context) => {
    const token = context.req.param('token');
    const form = await readForm(context);
    const reader = await app.readers.readPreferences(token);
    const view = routes.view(lang);
    if (reader === null) return sendPage(context, messagePage(view, 'token'), { status: 404, isPrivate: true });
    const newsletter = form['newsletter'];
    if (form['all'] !== undefined) {
      await app.readers.leaveByPreferences(token, null);
      return sendPage(context, leftPage(view, null), { isPrivate: true });
    }
    if (newsletter === undefined || !reader.newsletters.includes(newsletter)) {
      return sendPage(context, preferencesPage(view, token, reader), { isPrivate: true });
    }
    await app.readers.leaveByPreferences(token, newsletter);
    return sendPage(context, leftPage(view, titleOf(newsletter)), { isPrivate: true });
  });

  return router;
}

/** The text fields of a form; none for a body that isn't one, whatever its type says. */
async function readForm(context: Context): Promise<Readonly<Record<string, string>>> {
  const parsed = await context.req.parseBody().catch(() => ({}));
  return Object.fromEntries(
    Object.entries(parsed).filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}
