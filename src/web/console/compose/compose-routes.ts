import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { arrangeStory } from './arrange.ts';
import { contentPage, countedPart } from './content-page.ts';
import { saveTexts } from './save-texts.ts';
import { skip, skipPage } from './skip-page.ts';

/** What an edition holds: looking at it, and changing it before it is frozen. */
export function composeRoutes(app: ConsoleApp): ConsoleRoute[] {
  return [
    { method: 'GET', path: '/editions/:id', right: 'editions:view', answer: (request) => contentPage(app, request) },
    {
      method: 'GET',
      path: '/editions/:id/counted',
      right: 'editions:view',
      answer: (request) => countedPart(app, request),
    },
    {
      method: 'POST',
      path: '/editions/:id/arrange',
      right: 'editions:edit',
      answer: (request) => arrangeStory(app, request),
    },
    {
      method: 'POST',
      path: '/editions/:id/texts',
      right: 'editions:edit',
      answer: (request) => saveTexts(app, request),
    },
    { method: 'GET', path: '/editions/:id/skip', right: 'editions:send', answer: (request) => skipPage(app, request) },
    { method: 'POST', path: '/editions/:id/skip', right: 'editions:send', answer: (request) => skip(app, request) },
  ];
}
