import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';

/** The desk: what happens next, what happened last, what needs a person. */
export function homeRoutes(_app: ConsoleApp): ConsoleRoute[] {
  return [
    {
      method: 'GET',
      path: '/',
      right: 'editions:view',
      answer: (request) => consolePage(request, { title: 'Desk', section: 'desk', main: html`` }),
    },
  ];
}
