import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { authenticatorRoutes } from './authenticator-routes.ts';
import { operatorsRoutes } from './operators-routes.ts';
import { sessionRoutes } from './session-routes.ts';

/** One's own account, operators and the audit log. */
export function doorRoutes({ door }: ConsoleApp): ConsoleRoute[] {
  return [
    ...sessionRoutes(door),
    ...accountRoutes(door),
    ...authenticatorRoutes(door),
    ...operatorsRoutes(door),
    ...auditRoutes(door),
  ];
}
