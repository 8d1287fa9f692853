import { afterRoutes } from './after/after-routes.ts';
import { composeRoutes } from './compose/compose-routes.ts';
import type { ConsoleApp } from './console-app.ts';
import type { ConsoleRoute, OpenRoute } from './console-route.ts';
import { doorRoutes } from './door/door-routes.ts';
import { openDoorRoutes } from './door/open-door-routes.ts';
import { homeRoutes } from './home/home-routes.ts';
import { preflightRoutes } from './preflight/preflight-routes.ts';
import { readersRoutes } from './readers/readers-routes.ts';
import { sendingRoutes } from './sending/sending-routes.ts';
import { shelvesRoutes } from './shelves/shelves-routes.ts';

/** Every page and deed for those who are signed in. */
export function consoleRoutes(app: ConsoleApp): ConsoleRoute[] {
  return [
    ...homeRoutes(app),
    ...composeRoutes(app),
    ...preflightRoutes(app),
    ...sendingRoutes(app),
    ...afterRoutes(app),
    ...readersRoutes(app),
    ...shelvesRoutes(app),
    ...doorRoutes(app),
  ];
}

/** Every page for those who aren't. */
export function openRoutes(app: ConsoleApp): OpenRoute[] {
  return openDoorRoutes(app);
}
