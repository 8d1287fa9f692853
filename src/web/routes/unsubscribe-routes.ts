import { type Context, Hono } from 'hono';
import { pauseMonths, slowings, wordingOf } from '../../subscribers/index.ts';
import { sendPage, sendText } from '../context-answers.ts';
import { formLimit, readForm } from '../form-body.ts';
import type { Html } from '../html/html.ts';
import { tokenPage } from '../pages/link-page.ts';
import { messagePage } from '../pages/message-page.ts';
import {
  leavingFields,
  leftPage,
  pausedPage,
  slowedPage,
  undonePage,
  unsubscribePage,
} from '../pages/unsubscribe-page.ts';
import type { RouteContext } from './route-context.ts';

/** What one of the page's own buttons asks for. */
type Wish =
  | { readonly kind: 'leave'; readonly scope: 'newsletter' | 'all' }
  | { readonly kind: 'slow_down'; readonly rhythm: (typeof slowings)[number] }
  | { readonly kind: 'pause'; readonly months: number }
  | { readonly kind: 'undo'; readonly leftAt: string }
  /** Of the page's fields, with a value that no button has. */
  | { readonly kind: 'unknown' };

/**
 * `/unsubscribe/TOKEN` in one language. A GET changes nothing; the token is the only key, so no cookie, Origin or
 * session is looked at.
 */
export function unsubscribeRoutes(routes: RouteContext, lang: string): Hono {
  const { readers } = routes.app;
  const router = new Hono();
  const send = (context: Context, page: Html, status = 200): Promise<Response> =>
    sendPage(context, page, { status, isPrivate: true });

  router.get('/unsubscribe/:token', async (context) => {
    const token = context.req.param('token');
    const offer = await readers.findLeaving(token, 'newsletter');
    const view = routes.view(lang);
    if (offer === null) return send(context, tokenPage(view), 404);
    return send(context, offer.isWanted ? unsubscribePage(view, token, offer) : leftPage(view, token, offer));
  });

  const limit = formLimit((context) => send(context, messagePage(routes.view(lang), 'too_long'), 413));
  // RFC 8058 §3.1: 200 without a redirect or cookie, urlencoded or multipart, for a repeat and an unknown token too.
  router.post('/unsubscribe/:token', limit, async (context) => {
    const token = context.req.param('token');
    const wish = wishOf(await readForm(context));
    if (wish === null) {
      await readers.leave(token, 'newsletter', 'one-click');
      return sendText('You have left this newsletter.');
    }
    const view = routes.view(lang);
    const offer = await readers.findLeaving(token, 'newsletter');
    if (offer === null) return send(context, tokenPage(view), 404);
    switch (wish.kind) {
      case 'leave': {
        await readers.leave(token, wish.scope, 'page');
        const left = await readers.findLeaving(token, wish.scope);
        return send(context, left === null ? tokenPage(view) : leftPage(view, token, left));
      }
      case 'slow_down': {
        const isEased = await readers.slowDown(token, wish.rhythm);
        return send(context, isEased ? slowedPage(view, offer, wish.rhythm) : leftPage(view, token, offer));
      }
      case 'pause': {
        const until = await readers.pause(token, wish.months);
        return send(context, until === null ? leftPage(view, token, offer) : pausedPage(view, offer, until));
      }
      case 'undo': {
        const back = await readers.undo(
          'unsubscribe',
          token,
          wish.leftAt,
          wordingOf(view.locale.t('site.undo_button'), lang),
        );
        return send(context, undonePage(view, offer.preferencesToken, back ?? []));
      }
      case 'unknown':
        return send(context, messagePage(view, 'form'), 400);
      default:
        return wish satisfies never;
    }
  });

  return router;
}

/** Null: no button of ours, so a provider's one click, whatever else is in its body. */
function wishOf(form: URLSearchParams): Wish | null {
  if (form.has('List-Unsubscribe')) return null;
  const [leave, rhythm, pause, leftAt] = [
    form.get(leavingFields.leave),
    form.get(leavingFields.rhythm),
    form.get(leavingFields.pause),
    form.get(leavingFields.undo),
  ];
  if (leave === 'newsletter' || leave === 'all') return { kind: 'leave', scope: leave };
  const slowing = slowings.find((known) => known === rhythm);
  if (slowing !== undefined) return { kind: 'slow_down', rhythm: slowing };
  const months = pauseMonths.find((known) => String(known) === pause);
  if (months !== undefined) return { kind: 'pause', months };
  if (leftAt !== null) return { kind: 'undo', leftAt };
  return leave === null && rhythm === null && pause === null ? null : { kind: 'unknown' };
}
