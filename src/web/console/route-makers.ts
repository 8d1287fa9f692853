import type { ConsoleApp } from './console-app.ts';
import type { ConsoleRequest } from './console-request.ts';
import type { ConsoleRoute } from './console-route.ts';

/** What answers a route: a page, or a deed and what comes of it. */
type RouteAnswer = (app: ConsoleApp, request: ConsoleRequest) => Response | Promise<Response>;

type MakeRoute = (path: string, right: ConsoleRoute['right'], answer: RouteAnswer) => ConsoleRoute;

/** Makes the routes of a table, whose pages and deeds all take the app. */
export function routeMakers(app: ConsoleApp): { readonly get: MakeRoute; readonly post: MakeRoute } {
  const make =
    (method: ConsoleRoute['method']): MakeRoute =>
    (path, right, answer) => ({ method, path, right, answer: (request) => answer(app, request) });
  return { get: make('GET'), post: make('POST') };
}
