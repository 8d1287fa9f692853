import { type Context, Hono } from 'hono';
import { formOfJson, type SignUpFault } from '../../subscribers/index.ts';
import { sendPage } from '../context-answers.ts';
import { formLimit, readForm } from '../form-body.ts';
import { messagePage } from '../pages/message-page.ts';
import {
  busyPage,
  busySentence,
  faultSentence,
  type SubscribeForm,
  signedUpPage,
  subscribePage,
  subscribeWording,
} from '../pages/subscribe-page.ts';
import { commonHeaders } from '../security-headers.ts';
import type { RequestEnv, RouteContext } from './route-context.ts';

/** Any site may ask on behalf of its visitors: no cookie is looked at, and the answer says nothing of anybody. */
const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '86400',
};
const longestWording = 2000;

/** `/subscribe` in one language: the page, its form, forms on other sites that post here, and JSON. */
export function subscribeRoutes(routes: RouteContext, lang: string): Hono<RequestEnv> {
  const { signUps } = routes.app;
  const router = new Hono<RequestEnv>();

  const sendForm = (context: Context, form: Omit<SubscribeForm, 'stamp'>, status = 200) =>
    sendPage(context, subscribePage(routes.view(lang), { ...form, stamp: signUps.stamp() }), {
      status,
      isPrivate: true,
    });
  const sendFault = (fault: SignUpFault) =>
    sendJson({ ok: false, fault, message: faultSentence(routes.view(lang), fault) }, 400);

  router.get('/subscribe', (context) => {
    const values = new URL(context.req.url).searchParams;
    return sendForm(context, { values, say: null });
  });

  router.options(
    '/subscribe',
    () => new Response(null, { status: 204, headers: { ...commonHeaders, ...crossOrigin } }),
  );

  const limit = formLimit((context) => {
    const view = routes.view(lang);
    if (isJson(context)) return sendJson({ ok: false, message: view.locale.t('site.too_long_text') }, 413);
    return sendPage(context, messagePage(view, 'too_long'), { status: 413, isPrivate: true });
  });

  router.post('/subscribe', limit, async (context) => {
    const view = routes.view(lang);
    const { client } = context.env;
    const seconds = routes.mayAsk(client);
    if (seconds !== null) {
      const headers = { 'retry-after': String(seconds) };
      if (isJson(context)) return sendJson({ ok: false, message: busySentence(view, seconds) }, 429, headers);
      return withHeaders(await sendPage(context, busyPage(view, seconds), { status: 429, isPrivate: true }), headers);
    }
    if (isJson(context)) return answerJson(context, client);
    const values = await readForm(context);
    const wording = subscribeWording(view);
    const asking = await signUps.ask({ form: values, lang, wording, how: 'form', ip: client });
    switch (asking.kind) {
      case 'asked':
        return sendPage(context, signedUpPage(view), { isPrivate: true });
      case 'check':
        return sendForm(context, { values, say: 'check' });
      case 'fault':
        return sendForm(context, { values, say: asking.fault }, 422);
      default:
        return asking satisfies never;
    }
  });

  async function answerJson(context: Context, ip: string | null): Promise<Response> {
    const view = routes.view(lang);
    const form = formOfJson(await context.req.json().catch(() => null));
    if (form === null) return sendFault('incomplete');
    // What the other site let its visitor agree to; ours where it doesn't say.
    const wording = form.get('wording') ?? subscribeWording(view);
    if (wording.length > longestWording || /[^\P{Cc}\n]/u.test(wording)) return sendFault('incomplete');
    const asking = await signUps.ask({ form, lang, wording, how: 'api', ip });
    if (asking.kind === 'fault') return sendFault(asking.fault);
    return sendJson({ ok: true, message: view.locale.t('site.signed_up_text') });
  }

  return router;
}

function isJson(context: Context): boolean {
  return /^application\/json\b/i.test(context.req.header('content-type') ?? '');
}

function sendJson(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  const type = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { ...commonHeaders, ...crossOrigin, ...type, ...headers },
  });
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
