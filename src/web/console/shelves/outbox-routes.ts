import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { outboxMailHtml, outboxMailPage } from './outbox-mail-page.ts';
import { outboxPage } from './outbox-page.ts';

/** The mails that were written instead of sent. */
export function outboxRoutes(app: ConsoleApp): ConsoleRoute[] {
  const page = (path: string, answer: typeof outboxPage): ConsoleRoute => ({
    method: 'GET',
    path,
    right: 'outbox:view',
    answer: (request) => answer(app, request),
  });
  // Mails hold their readers' own links.
  return [
    page('/outbox', outboxPage),
    page('/outbox/:folder', outboxPage),
    { ...page('/outbox/:folder/:file', outboxMailPage), hasSecret: true },
    { ...page('/outbox/:folder/:file/html', outboxMailHtml), hasSecret: true },
  ];
}
