import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { OpenRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';

/** Signing in. */
export function openDoorRoutes(_app: ConsoleApp): OpenRoute[] {
  return [
    {
      method: 'GET',
      path: '/sign-in',
      answer: (request) => consolePage(request, { title: 'Sign in', section: null, main: html`` }),
    },
  ];
}
