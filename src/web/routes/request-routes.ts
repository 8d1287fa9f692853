import { type Context, Hono } from 'hono';
import { parseEmailAddress, readerAsks, wordingOf } from '../../subscribers/index.ts';
import { sendPage } from '../context-answers.ts';
import { formLimit, readForm } from '../form-body.ts';
import type { Html } from '../html/html.ts';
import { linkAskedPage, linkPage, tokenPage } from '../pages/link-page.ts';
import { messagePage } from '../pages/message-page.ts';
import {
  addressChangedPage,
  addressRefusedPage,
  askedPage,
  erasedPage,
  newAddressPage,
  requestPage,
} from '../pages/request-pages.ts';
import { commonHeaders } from '../security-headers.ts';
import type { RequestEnv, RouteContext } from './route-context.ts';

/**
 * What begins with a letter, in one language: `/preferences` for a fresh link, and `/address`, `/new-address`, `/data`
 * and `/erase` with a token that ends. A GET changes nothing.
 */
export function requestRoutes(routes: RouteContext, lang: string): Hono<RequestEnv> {
  const { requests } = routes.app;
  const router = new Hono<RequestEnv>();
  const send = (context: Context, page: Html, status = 200): Promise<Response> =>
    sendPage(context, page, { status, isPrivate: true });
  const unusable = (context: Context): Promise<Response> => send(context, tokenPage(routes.view(lang)), 404);
  const limit = formLimit((context) => send(context, messagePage(routes.view(lang), 'too_long'), 413));

  router.get('/preferences', (context) => send(context, linkPage(routes.view(lang))));
  router.post('/preferences', limit, async (context) => {
    const view = routes.view(lang);
    const text = (await readForm(context)).get('email') ?? '';
    const email = parseEmailAddress(text.trim());
    const refuse = (fault: 'email_fault' | 'too_many', status: number) =>
      send(context, linkPage(view, { text, fault: view.locale.t(`site.${fault}`) }), status);
    if (!email.ok) return refuse('email_fault', 422);
    if (routes.mayAsk(context.env.client) !== null) return refuse('too_many', 429);
    requests.askForLink(email.address.text);
    return send(context, linkAskedPage(view));
  });

  for (const ask of readerAsks) {
    router.get(`/${ask}/:token`, async (context) => {
      const token = context.req.param('token');
      const owner = await requests.findOwner(ask, token);
      return owner === null ? unusable(context) : send(context, requestPage(routes.view(lang), ask, token, owner));
    });
  }

  router.post('/address/:token', limit, async (context) => {
    const token = context.req.param('token');
    const view = routes.view(lang);
    const text = (await readForm(context)).get('email') ?? '';
    const asked = await requests.askForAddress(token, text);
    if (asked.kind === 'asked') return send(context, askedPage(view, asked.maskedAddress));
    const owner = await requests.findOwner('address', token);
    if (owner === null) return unusable(context);
    const typed = { text, fault: view.locale.t('site.email_fault') };
    return send(context, requestPage(view, 'address', token, owner, typed), 422);
  });

  router.get('/new-address/:token', async (context) => {
    const token = context.req.param('token');
    const offered = await requests.findOfferedAddress(token);
    return offered === null ? unusable(context) : send(context, newAddressPage(routes.view(lang), token, offered));
  });

  router.post('/new-address/:token', limit, async (context) => {
    const view = routes.view(lang);
    if (!(await readForm(context)).has('sure')) return send(context, messagePage(view, 'form'), 400);
    const changed = await requests.changeAddress(
      context.req.param('token'),
      wordingOf(view.locale.t('site.address_confirm_button'), lang),
    );
    switch (changed.kind) {
      case 'changed':
        return send(context, addressChangedPage(view, changed.email));
      case 'refused':
        return send(context, addressRefusedPage(view), 409);
      case 'unknown':
        return unusable(context);
      default:
        return changed satisfies never;
    }
  });

  router.post('/data/:token', limit, async (context) => {
    if (!(await readForm(context)).has('sure')) return send(context, messagePage(routes.view(lang), 'form'), 400);
    const data = await requests.readOwnData(context.req.param('token'));
    if (data === null) return unusable(context);
    return new Response(`${JSON.stringify(data, null, 2)}\n`, {
      headers: {
        ...commonHeaders,
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': 'attachment; filename="my-data.json"',
        'cache-control': 'no-store',
      },
    });
  });

  router.post('/erase/:token', limit, async (context) => {
    const view = routes.view(lang);
    const form = await readForm(context);
    if (!form.has('sure')) return send(context, messagePage(view, 'form'), 400);
    const isErased = await requests.erase(context.req.param('token'), form.has('keep-out'));
    return isErased ? send(context, erasedPage(view)) : unusable(context);
  });

  return router;
}
