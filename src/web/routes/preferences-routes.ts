import { Hono } from 'hono';
import { readerAsks, wordingOf } from '../../subscribers/index.ts';
import { sendPage } from '../context-answers.ts';
import { formLimit, readForm } from '../form-body.ts';
import { tokenPage } from '../pages/link-page.ts';
import { messagePage } from '../pages/message-page.ts';
import { preferencesCutPage, preferencesPage, preferencesSavedPage } from '../pages/preferences-page.ts';
import { askedPage } from '../pages/request-pages.ts';
import { leavingFields, undonePage } from '../pages/unsubscribe-page.ts';
import type { RouteContext } from './route-context.ts';

/**
 * `/preferences/TOKEN` in one language. A GET changes nothing; the token is the only key, so no cookie, Origin or
 * session is looked at.
 */
export function preferencesRoutes(routes: RouteContext, lang: string): Hono {
  const { readers } = routes.app;
  const router = new Hono();

  router.get('/preferences/:token', async (context) => {
    const token = context.req.param('token');
    const reader = await readers.findPreferences(token);
    const view = routes.view(lang);
    return reader === null
      ? sendPage(context, tokenPage(view), { status: 404, isPrivate: true })
      : sendPage(context, preferencesPage(view, token, reader), { isPrivate: true });
  });

  const limit = formLimit((context) =>
    sendPage(context, messagePage(routes.view(lang), 'too_long'), { status: 413, isPrivate: true }),
  );
  router.post('/preferences/:token', limit, async (context) => {
    const token = context.req.param('token');
    const form = await readForm(context);
    const view = routes.view(lang);
    const unknown = () => sendPage(context, tokenPage(view), { status: 404, isPrivate: true });

    const ask = readerAsks.find((known) => known === form.get('ask'));
    if (ask !== undefined) {
      const owner = await routes.app.requests.askByLetter(token, ask);
      return owner === null ? unknown() : sendPage(context, askedPage(view, owner.maskedAddress), { isPrivate: true });
    }
    const leftAt = form.get(leavingFields.undo);
    if (leftAt !== null) {
      const back = await readers.undo('preferences', token, leftAt, wordingOf(view.locale.t('site.undo_button'), lang));
      return back === null ? unknown() : sendPage(context, undonePage(view, token, back), { isPrivate: true });
    }
    const saved = await readers.savePreferences(token, form, wordingOf(view.locale.t('site.wishes_agree'), lang));
    switch (saved.kind) {
      case 'unknown':
        return unknown();
      case 'incomplete':
        return sendPage(context, preferencesCutPage(view, token), { status: 400, isPrivate: true });
      case 'refused': {
        const page = preferencesPage(view, token, saved.reader, { form, fault: saved.fault });
        return sendPage(context, page, { status: 422, isPrivate: true });
      }
      case 'saved':
        return sendPage(context, preferencesSavedPage(view, token, saved.reader), { isPrivate: true });
      default:
        return saved satisfies never;
    }
  });

  return router;
}
