import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import {
  type AppliedArrival,
  type ArrivalStore,
  type BounceDesk,
  createBounceDesk,
  createGenericHook,
  createMailTokens,
  createSesHook,
  type DeliveryLedger,
  type Hook,
  isSenderFault,
  type MailboxTrouble,
  readMailbox,
  watchMailbox,
} from '../delivery/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { createOutboundClient } from '../outbound-client.ts';
import { createArrivalStore, createDeliveryLedger, type Database, openDatabase } from '../storage/index.ts';
import { deliveryKey, type Keys, openKeys } from '../subscribers/index.ts';

/** Where mail, providers and mailboxes bring back what readers' servers said. */
export interface BounceRoom {
  readonly desk: BounceDesk;
  readonly arrivals: ArrivalStore;
  /** By provider: only what is configured. */
  readonly hooks: ReadonlyMap<string, Hook>;
  /**
   * Reads the mailbox that is configured once, and understands what is there.
   *
   * @throws AppError `unavailable` where the mailbox can't be read; what is there already is understood all the same.
   */
  collect(stop: AbortSignal): Promise<void>;
  /**
   * Reads the mailbox that is configured, and understands what is taken in by whichever process, in the background until
   * stopped.
   */
  start(onTrouble: MailboxTrouble): { stop(): Promise<void> };
}

export interface BounceRoomParts {
  readonly config: Pick<Config, 'bounces'>;
  readonly database: Database;
  readonly keys: Keys;
  readonly ledger: Pick<DeliveryLedger, 'addSenderFaults'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two looks for what another process has taken in. */
const lookEveryMs = 5000;

export function createBounceRoom({ config, database, keys, ledger, clock, log }: BounceRoomParts): BounceRoom {
  const arrivals = createArrivalStore(database, keys, createMailTokens(deliveryKey(keys)));
  const desk = createBounceDesk({ store: arrivals, clock, log, onApplied: countSenderFaults });

  /** A report may be the first to say that we are the ones who are refused. */
  async function countSenderFaults({ deliveries }: AppliedArrival): Promise<void> {
    for (const { editionId, class: replyClass, isNews } of deliveries) {
      // Once for each delivery: else a single reader could stop an edition.
      if (!isNews || replyClass === null || !isSenderFault(replyClass)) continue;
      const paused = await ledger.addSenderFaults(editionId, 1, clock.now());
      if (paused !== null) log.warn('edition', { id: paused.id, state: paused.state, reason: paused.reason });
    }
  }

  return {
    desk,
    arrivals,
    hooks: createHooks(config, desk, { clock, log }),
    async collect(stop) {
      await desk.handleOpen();
      const { imap: mailbox } = config.bounces;
      if (mailbox !== null) await readMailbox({ mailbox, desk, arrivals }, stop);
    },
    start(onTrouble) {
      const handle = (): Promise<unknown> =>
        desk.handleOpen().catch((error: unknown) => {
          log.error('problem', { message: `What came back couldn’t be read: ${sentenceOf(error)}` });
        });
      const looking = setInterval(() => void handle(), lookEveryMs).unref();
      void handle();
      const stopping = new AbortController();
      const { imap: mailbox } = config.bounces;
      const reading = mailbox && watchMailbox({ mailbox, desk, arrivals, onTrouble }, stopping.signal);
      return {
        async stop() {
          clearInterval(looking);
          stopping.abort();
          await reading;
          await handle();
        },
      };
    },
  };
}

function createHooks(
  { bounces }: Pick<Config, 'bounces'>,
  desk: BounceDesk,
  tools: { readonly clock: Clock; readonly log: Log },
): ReadonlyMap<string, Hook> {
  const hooks = new Map<string, Hook>();
  if (bounces.sesTopics.length > 0) {
    hooks.set('ses', createSesHook({ topics: bounces.sesTopics, desk, client: createOutboundClient(), ...tools }));
  }
  if (bounces.hookSecret !== null) {
    hooks.set('generic', createGenericHook({ secret: bounces.hookSecret, desk, clock: tools.clock }));
  }
  return hooks;
}

/** The same alone, for a command that a mail server runs for each report: it reads no articles and starts no thread. */
export async function withBounceRoom<Result>(
  config: Config,
  tools: { readonly clock: Clock; readonly log: Log },
  work: (room: BounceRoom) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(config.paths.database, tools.log);
  try {
    const keys = await openKeys(config.paths.data);
    return await work(createBounceRoom({ config, database, keys, ledger: createDeliveryLedger(database), ...tools }));
  } finally {
    await database.destroy();
  }
}
