import type { ConsoleApp } from '../console-app.ts';
import type { OpenRoute } from '../console-route.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { welcomeRoutes } from './welcome-routes.ts';

/** Signing in, and the links that make an operator. */
export function openDoorRoutes({ door }: ConsoleApp): OpenRoute[] {
  return [...signInRoutes(door), ...welcomeRoutes(door)];
}
