import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { articlePage } from './article-page.ts';
import { createArticleShelf } from './article-shelf.ts';
import { articlesPage, problemsPage } from './articles-page.ts';

/** Every article in whatever state, and what is wrong with files. */
export function articleRoutes(app: ConsoleApp): ConsoleRoute[] {
  const shelf = createArticleShelf(app.shelves.catalog, app.site.languages, app.clock);
  const page = (path: string, answer: (request: ConsoleRequest) => Promise<Response>): ConsoleRoute => ({
    method: 'GET',
    path,
    right: 'articles:view',
    answer,
  });
  return [
    page('/articles', (request) => articlesPage(app, shelf, request)),
    page('/articles/problems', (request) => problemsPage(shelf, request)),
    page('/articles/:lang/:slug', (request) => articlePage(app, shelf, request)),
  ];
}
