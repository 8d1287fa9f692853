import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { articleRoutes } from './article-routes.ts';
import { feedRoutes } from './feed-routes.ts';
import { outboxRoutes } from './outbox-routes.ts';

/** What stands on the shelves: articles, feeds, and mails that were written instead of sent. */
export function shelvesRoutes(app: ConsoleApp): ConsoleRoute[] {
  return [...articleRoutes(app), ...feedRoutes(app), ...outboxRoutes(app)];
}
