import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';

export function preflightRoutes(_app: ConsoleApp): ConsoleRoute[] {
  return [];
}
