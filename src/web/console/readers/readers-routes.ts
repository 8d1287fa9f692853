import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';

export function readersRoutes(_app: ConsoleApp): ConsoleRoute[] {
  return [];
}
