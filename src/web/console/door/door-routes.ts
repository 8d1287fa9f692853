import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';

/** One's own account, operators and the audit log. */
export function doorRoutes(_app: ConsoleApp): ConsoleRoute[] {
  return [];
}
