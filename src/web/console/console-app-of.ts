import type { App } from '../../app.ts';
import { localized } from '../../site.ts';
import { addressKey, readerChoices } from '../../subscribers/index.ts';
import type { ConsoleApp } from './console-app.ts';
import { consoleHomeOf } from './home/console-home.ts';
import { consolePreflightOf } from './preflight/console-preflight.ts';
import { consoleSendingOf } from './sending/console-sending.ts';
import { consoleShelvesOf } from './shelves/console-shelves-of.ts';

/** The console's view of the whole program. */
export function consoleAppOf(app: App): ConsoleApp {
  return {
    site: app.config.site,
    clock: app.clock,
    log: app.log,
    audit: app.audit,
    shelves: consoleShelvesOf(app),
    home: consoleHomeOf(app),
    preflight: consolePreflightOf(app),
    door: {
      ...app.operatorRoom,
      requiresTotp: app.transport.name !== 'outbox',
      endSession: (id) => app.operatorRoom.store.endSession(id),
    },
    readers: {
      store: app.subscribers,
      directory: app.directory,
      counts: app.readerCounts,
      imports: app.importRoom,
      preferences: app.preferences,
      eraseReader: app.eraseReader,
      requests: app.requests,
      clock: app.clock,
      timezone: app.config.site.timezone,
      keyOf: (email) => addressKey(app.keys, email),
      choices: readerChoices(app.config.site, app.config.newsletters),
      newsletterTitles: new Map(
        app.config.newsletters.map(({ name, title }) => [name, localized(title, 'en', app.config.site)]),
      ),
    },
    composing: {
      newsletters: app.config.newsletters,
      editions: app.editions,
      desk: app.desk,
      listTroubles: () => app.troubles.listTroubles(),
      sendTest: app.postRoom.sendTest,
      previewMessage: app.postRoom.previewMessage,
    },
    sending: consoleSendingOf(app),
    after: {
      ...app.aftercare,
      editions: app.editions,
      newsletters: app.config.newsletters,
      records: app.records,
      readerCopy: app.readerCopy,
      listDeliveries: (editionId, filter) => app.ledger.listDeliveries(editionId, filter),
      listTroubles: () => app.troubles.listTroubles(),
      hasWithdrawn: (editionId) => app.ledger.hasWithdrawn(editionId),
      isKnownOlder: async (edition) => (await app.desk.findKnownDoubt(edition)) === 'restored',
      mayBeOlder: async (edition) => (await app.desk.findDoubt(edition)) === 'restored',
    },
  };
}
