import type { Clock } from './clock.ts';
import type { Config } from './config/index.ts';
import {
  type AppliedArrival,
  type ArrivalStore,
  type BounceDesk,
  createBounceDesk,
  createDeliveryTokens,
  type DeliveryLedger,
  isSenderFault,
} from './delivery/index.ts';
import { sentenceOf } from './errors.ts';
import type { Log } from './log.ts';
import { createArrivalStore, createDeliveryLedger, type Database, openDatabase } from './storage/index.ts';
import { deliveryKey, type Keys, openKeys } from './subscribers/index.ts';

/** Where mail, providers and mailboxes bring back what readers' servers said. */
export interface BounceRoom {
  readonly desk: BounceDesk;
  readonly arrivals: ArrivalStore;
  /** Understands in the background what is taken in, by whichever process, until stopped. */
  start(): { stop(): Promise<void> };
}

export interface BounceRoomParts {
  readonly database: Database;
  readonly keys: Keys;
  readonly ledger: Pick<DeliveryLedger, 'addSenderFaults'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two looks for what another process has taken in. */
const lookEveryMs = 5000;

export function createBounceRoom({ database, keys, ledger, clock, log }: BounceRoomParts): BounceRoom {
  const arrivals = createArrivalStore(database, keys, createDeliveryTokens(deliveryKey(keys)));
  const desk = createBounceDesk({ store: arrivals, clock, log, onApplied: countSenderFaults });

  /** A report may be the first to say that we are the ones who are refused. */
  async function countSenderFaults({ deliveries }: AppliedArrival): Promise<void> {
    for (const { editionId, class: replyClass } of deliveries) {
      if (replyClass === null || !isSenderFault(replyClass)) continue;
      const paused = await ledger.addSenderFaults(editionId, 1, clock.now());
      if (paused !== null) log.warn('edition', { id: paused.id, state: paused.state, reason: paused.reason });
    }
  }

  return {
    desk,
    arrivals,
    start() {
      const handle = (): Promise<unknown> =>
        desk.handleOpen().catch((error: unknown) => {
          log.error('problem', { message: `What came back couldn’t be read: ${sentenceOf(error)}` });
        });
      const looking = setInterval(() => void handle(), lookEveryMs).unref();
      void handle();
      return {
        async stop() {
          clearInterval(looking);
          await handle();
        },
      };
    },
  };
}

/** The same alone, for a command that a mail server runs for each report: it reads no articles and starts no thread. */
export async function withBounceRoom<Result>(
  config: Config,
  tools: { readonly clock: Clock; readonly log: Log },
  work: (room: BounceRoom) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(config.paths.database);
  try {
    const keys = await openKeys(config.paths.data);
    return await work(createBounceRoom({ database, keys, ledger: createDeliveryLedger(database), ...tools }));
  } finally {
    await database.destroy();
  }
}
