import { Hono } from 'hono';
import { sendPage } from '../context-answers.ts';
import { formLimit, readForm } from '../form-body.ts';
import { confirmedPage, confirmFields, confirmLatePage, confirmPage, confirmWording } from '../pages/confirm-page.ts';
import { tokenPage } from '../pages/link-page.ts';
import { messagePage } from '../pages/message-page.ts';
import { signedUpPage } from '../pages/subscribe-page.ts';
import type { RouteContext } from './route-context.ts';

/** `/confirm/TOKEN` in one language. A GET changes nothing, and a repeat says the same. */
export function confirmRoutes(routes: RouteContext, lang: string): Hono {
  const { signUps } = routes.app;
  const router = new Hono();

  router.get('/confirm/:token', async (context) => {
    const token = context.req.param('token');
    const view = routes.view(lang);
    const link = await signUps.findLink(token);
    switch (link.kind) {
      case 'unknown':
        return sendPage(context, tokenPage(view), { status: 404, isPrivate: true });
      case 'late':
        return sendPage(context, confirmLatePage(view, token), { status: 410, isPrivate: true });
      case 'asked':
        return sendPage(context, confirmPage(view, token, link), { isPrivate: true });
      default:
        return link satisfies never;
    }
  });

  const limit = formLimit((context) =>
    sendPage(context, messagePage(routes.view(lang), 'too_long'), { status: 413, isPrivate: true }),
  );
  router.post('/confirm/:token', limit, async (context) => {
    const token = context.req.param('token');
    const view = routes.view(lang);
    const button = (await readForm(context)).get(confirmFields.button);
    if (button === 'fresh') {
      await signUps.askAgain(token, lang);
      return sendPage(context, signedUpPage(view), { isPrivate: true });
    }
    if (button !== 'yes') {
      return sendPage(context, messagePage(view, 'form'), { status: 400, isPrivate: true });
    }
    const answer = await signUps.confirm(token, confirmWording(view), lang);
    switch (answer.kind) {
      case 'unknown':
        return sendPage(context, tokenPage(view), { status: 404, isPrivate: true });
      case 'late':
        return sendPage(context, confirmLatePage(view, token), { status: 410, isPrivate: true });
      case 'confirmed':
        return sendPage(context, confirmedPage(view, answer.newsletters, answer.preferencesToken), { isPrivate: true });
      default:
        return answer satisfies never;
    }
  });

  return router;
}
