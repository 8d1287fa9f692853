import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';

export function sendingRoutes(_app: ConsoleApp): ConsoleRoute[] {
  return [];
}
