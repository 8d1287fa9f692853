import type { App } from '../../app.ts';
import type { ConsoleApp } from './console-app.ts';

/** The console's view of the whole program. */
export function consoleAppOf(app: App): ConsoleApp {
  return {
    site: app.config.site,
    clock: app.clock,
    log: app.log,
    audit: app.audit,
    door: { sessions: app.sessions },
  };
}
