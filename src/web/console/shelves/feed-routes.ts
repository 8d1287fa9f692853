import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { feedPage } from './feed-page.ts';
import { feedsPage } from './feeds-page.ts';

/** Every feed, and who reads it. */
export function feedRoutes(app: ConsoleApp): ConsoleRoute[] {
  const page = (path: string, answer: typeof feedsPage): ConsoleRoute => ({
    method: 'GET',
    path,
    right: 'articles:view',
    answer: (request) => answer(app, request),
  });
  return [
    page('/feeds', feedsPage),
    page('/feeds/:lang', feedsPage),
    page('/feeds/:lang/home', feedPage),
    page('/feeds/:lang/:kind/:key', feedPage),
  ];
}
