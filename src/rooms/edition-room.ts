import type { Clock } from '../clock.ts';
import { closeAll } from '../close-all.ts';
import type { Config } from '../config/index.ts';
import type { DeliveryLedger, Transport } from '../delivery/index.ts';
import type { EditionStore } from '../digest/index.ts';
import type { Log } from '../log.ts';
import { createOutboundClient } from '../outbound-client.ts';
import {
  createEditionDesk,
  createPreflightRoom,
  createRestoreGuard,
  type EditionDesk,
  type PreflightRoom,
  type RestoreGuard,
} from '../schedule/index.ts';
import {
  createApprovalStore,
  createAudienceStore,
  createGuardStore,
  createPreflightStore,
  createWitnessFile,
  type Database,
  openAudienceThread,
} from '../storage/index.ts';
import type { PressRoom } from './press-room.ts';

export interface EditionRoomParts {
  readonly config: Config;
  readonly database: Database;
  readonly press: Pick<PressRoom, 'catalog' | 'sizes' | 'publicDir'>;
  readonly transport: Transport;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
  readonly clock: Clock;
  /** Milliseconds that have passed, whatever is done to the clock. */
  readonly passedMs: () => number;
  readonly log: Log;
  /** Whether somebody is answered meanwhile, so that readers are counted in a thread of its own. */
  readonly serves: boolean;
}

/** Where editions are made, looked at and let go. */
export interface EditionRoom {
  readonly desk: EditionDesk;
  /** Tells whether what is at hand is an older state of the publication. */
  readonly guard: RestoreGuard;
  /** Where editions are looked at before they go out. */
  readonly preflightRoom: PreflightRoom;
  close(): Promise<void>;
}

export function createEditionRoom(parts: EditionRoomParts): EditionRoom {
  const { config, database, press, transport, editions, ledger, clock, passedMs, log, serves } = parts;
  const { site, paths, newsletters } = config;
  const { catalog, sizes, publicDir } = press;
  const counting = serves ? openAudienceThread(paths.database) : null;
  const guard = createRestoreGuard({
    store: createGuardStore(database),
    witness: createWitnessFile(paths.database),
    editions,
    newsletters,
    clock,
    passedMs,
    log,
  });
  const desk = createEditionDesk({
    site,
    newsletters,
    transport: { name: transport.name, local: config.mail.relay?.loopback ?? true },
    templatesDir: paths.templates,
    published: () => catalog.published(),
    withBodies: (articles) => catalog.withBodies(articles),
    sizes,
    editions,
    ledger,
    audience: counting ?? createAudienceStore(database),
    guard,
    problems: () => catalog.catalog().problems,
    approvals: createApprovalStore(database),
    folders: { content: paths.content, templates: paths.templates, public: publicDir },
    outbound: createOutboundClient(),
    clock,
    log,
  });
  const preflightRoom = createPreflightRoom({
    preflight: desk.preflight,
    fingerprintOf: (edition) => desk.approval.fingerprintOf(edition),
    store: createPreflightStore(database),
    clock,
    log,
  });
  return {
    desk,
    guard,
    preflightRoom,
    close: () =>
      closeAll([
        () => desk.readers.close(),
        // What it has begun ends with the count that it waits for.
        async () => void (await Promise.all([preflightRoom.close(), counting?.close()])),
      ]),
  };
}
