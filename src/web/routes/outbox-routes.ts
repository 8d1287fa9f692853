import { Hono } from 'hono';
import { raw } from 'hono/html';
import { sendPage } from '../context-answers.ts';
import { type MailParts, parseMail } from '../mail-parts.ts';
import { mailShapes, outboxMailPage, outboxPage } from '../pages/outbox-page.ts';
import { framingPageCsp, mailPreviewCsp } from '../security-headers.ts';
import type { WebOutbox } from '../web-app.ts';
import type { RouteContext } from './route-context.ts';

/** `/outbox` in one language: only while no relay is configured, and only on this machine. */
export function outboxRoutes(routes: RouteContext, outbox: WebOutbox, lang: string): Hono {
  const router = new Hono();

  const readMail = async (edition: string, file: string): Promise<MailParts | null> => {
    const message = await outbox.read(edition, file);
    return message === null ? null : parseMail(message);
  };

  router.get('/outbox', async (context) =>
    sendPage(context, outboxPage(routes.view(lang), await outbox.list()), { isPrivate: true }),
  );

  router.get('/outbox/:edition/:file', async (context) => {
    const { edition, file } = context.req.param();
    const mail = await readMail(edition, file);
    if (mail === null) return context.notFound();
    const shape = mailShapes.find((known) => known === context.req.query('as')) ?? 'wide';
    return sendPage(context, outboxMailPage(routes.view(lang), { edition, file }, mail, shape), {
      isPrivate: true,
      csp: framingPageCsp,
    });
  });

  router.get('/outbox/:edition/:file/html', async (context) => {
    const { edition, file } = context.req.param();
    const mail = await readMail(edition, file);
    if (mail === null || mail.html === '') return context.notFound();
    // The mail's links open tabs of their own: inside the frame our pages refuse to be shown.
    const page = mail.html.replace(/<head[^>]*>/i, (head) => `${head}<base target="_blank">`);
    return sendPage(context, raw(page), { isPrivate: true, csp: mailPreviewCsp });
  });

  return router;
}
