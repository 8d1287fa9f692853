import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';

export function composeRoutes(_app: ConsoleApp): ConsoleRoute[] {
  return [];
}
