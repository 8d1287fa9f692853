import type { App } from '../../../app.ts';
import type { ConsoleShelves } from './console-shelves.ts';
import { createOutboxMailbox } from './outbox-mailbox.ts';

export function consoleShelvesOf(app: App): ConsoleShelves {
  return {
    newsletters: app.config.newsletters,
    catalog: () => app.catalog.catalog(),
    press: app.feeds,
    listPressProblems: () => app.listProblems(),
    polls: app.pollStore,
    editions: app.editions,
    outbox: createOutboxMailbox(app.config.paths.outbox, app.outboxIndex),
    relay: app.transport.name === 'outbox' ? null : app.transport.name,
  };
}
