import { join } from 'node:path';
import type { Clock, Instant } from './clock.ts';
import { systemClock, toMs } from './clock.ts';
import { closeAll } from './close-all.ts';
import type { Config } from './config/index.ts';
import {
  createNodemailerTransport,
  createOutboxTransport,
  createReaderCopy,
  createSmtpTransport,
  type DeliveryLedger,
  type DeliveryRecords,
  eraseFromOutbox,
  type OutboxIndex,
  type ReaderCopy,
  type RelayTroubleStore,
  type Transport,
} from './delivery/index.ts';
import type { EditionStore, Newsletter } from './digest/index.ts';
import { createDnsLookups, type DnsLookups } from './doctor/index.ts';
import { type Log, silentLog } from './log.ts';
import type { AuditLog, Passwords } from './operators/index.ts';
import { createOutboundClient } from './outbound-client.ts';
import {
  type BounceRoom,
  createBounceRoom,
  createDoctorRoom,
  createImportRoom,
  createLetterRoom,
  createMailOptions,
  createOperatorRoom,
  createPostRoom,
  type DoctorRoom,
  type ImportRoom,
  type LetterRoom,
  type OperatorRoom,
  openPressRoom,
  type PostRoom,
  type PressRoom,
} from './rooms/index.ts';
import {
  type Aftercare,
  createAftercare,
  createEditionDesk,
  createPreflightRoom,
  createRestoreGuard,
  type EditionDesk,
  type PreflightRoom,
} from './schedule/index.ts';
import {
  createAddressChangeStore,
  createApprovalStore,
  createAudienceStore,
  createDeliveryLedger,
  createDeliveryRecords,
  createEditionStore,
  createExaminationStore,
  createGuardStore,
  createNoticeStore,
  createOutboxIndex,
  createOwnDataStore,
  createPaceStore,
  createPreferenceStore,
  createPreflightStore,
  createReaderCounts,
  createReaderDirectory,
  createRelayTroubleStore,
  createRetentionStore,
  createSubscriberStore,
  createWitnessFile,
  openAudienceThread,
  openDatabase,
  openLookingInto,
} from './storage/index.ts';
import {
  createEraseReader,
  type EraseReader,
  type Keys,
  openKeys,
  type PreferenceStore,
  type ReaderCounts,
  type ReaderDirectory,
  type RequestDesk,
  type Rhythm,
  readerChoices,
  type SubscriberStore,
} from './subscribers/index.ts';

/** What a test, or a command with its own needs, puts in place of the usual. */
export interface AppOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Milliseconds that have passed, whatever is done to the clock; default: the machine's, or as the given clock says. */
  readonly passedMs?: () => number;
  /** Default: silent. */
  readonly log?: Log;
  /** Whether somebody is answered meanwhile, so that heavy work leaves this thread alone; default: false. */
  readonly serves?: boolean;
  /** Who is asked about names; default: the machine's servers. */
  readonly dns?: DnsLookups;
  /** Where feeds and pictures are written; default: the configuration's. */
  readonly publicDir?: string;
  /** A database whose readers and editions are seen instead of the app's own, and never written to. */
  readonly lookingInto?: string;
  /** How operators' passwords are kept; default: argon2id. */
  readonly passwords?: Passwords;
}

/** The whole program, put together for one publication. */
export interface App extends PressRoom {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
  readonly subscribers: SubscriberStore;
  /** How many there are, in all states and on each day. */
  readonly readerCounts: ReaderCounts;
  /** Where operators look readers up. */
  readonly directory: ReaderDirectory;
  /** Where files of readers are brought in while people are answered. */
  readonly importRoom: ImportRoom;
  readonly eraseReader: EraseReader;
  readonly preferences: PreferenceStore;
  /** What readers ask for by a fresh mail. */
  readonly requests: RequestDesk;
  readonly keys: Keys;
  readonly transport: Transport;
  /** What editions wrote to the outbox. */
  readonly outboxIndex: OutboxIndex;
  /** What keeps mail from leaving, for people. */
  readonly troubles: RelayTroubleStore;
  readonly desk: EditionDesk;
  readonly aftercare: Aftercare;
  /** The ledger as people read it. */
  readonly records: DeliveryRecords;
  readonly readerCopy: ReaderCopy;
  readonly postRoom: PostRoom;
  /** Where editions are looked at before they go out. */
  readonly preflightRoom: PreflightRoom;
  /** Who may sign in to the console. */
  readonly operatorRoom: OperatorRoom;
  /** Where everything that operators do is recorded before it is done. */
  readonly audit: AuditLog;
  /** Where mails to single readers are handed in. */
  readonly letterRoom: LetterRoom;
  /** Where what comes back is taken in. */
  readonly bounceRoom: BounceRoom;
  /** Where what mail depends on is looked at. */
  readonly doctorRoom: DoctorRoom;
  /** When the newsletter's next scheduled edition is due, for readers of a rhythm; default: of those who get each. */
  nextDue(newsletter: Newsletter, rhythm?: Rhythm): Instant;
  close(): Promise<void>;
}

/**
 * Opens the database, the keys and the articles of a publication.
 *
 * @throws AppError `unavailable` where the data folder can't be used.
 */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const { clock = systemClock, log = silentLog, serves = false, publicDir = config.paths.public, passwords } = options;
  const { site, paths } = config;
  const { lookingInto } = options;
  const database = await (lookingInto === undefined
    ? openDatabase(paths.database)
    : openLookingInto(lookingInto, paths.database));
  const keys = await openKeys(paths.data);
  const editions = createEditionStore(database);
  const ledger = createDeliveryLedger(database);
  const counting = serves ? openAudienceThread(paths.database) : null;
  const subscribers = createSubscriberStore(database, keys);
  const transport = createTransport(config, log);
  const press = await openPressRoom({ config, publicDir, database, editions, clock, log, serves });
  const { catalog, sizes } = press;
  const mailOptions = createMailOptions({ config, keys, clock, log });
  const eraseReader = createEraseReader({
    store: subscribers,
    eraseMails: (address) => eraseFromOutbox(paths.outbox, address),
    clock,
  });
  const paces = createPaceStore(database);
  const troubles = createRelayTroubleStore(database);
  const letterRoom = createLetterRoom({
    config,
    database,
    keys,
    mailOptions,
    transport,
    paces,
    troubles,
    editions,
    published: () => catalog.published(),
    clock,
    log,
  });
  const { passedMs = clock === systemClock ? () => performance.now() : () => toMs(clock.now()) } = options;
  const guard = createRestoreGuard({
    store: createGuardStore(database),
    witness: createWitnessFile(paths.database),
    editions,
    newsletters: config.newsletters,
    clock,
    passedMs,
    log,
  });
  const doctorRoom = createDoctorRoom({
    config,
    store: createExaminationStore(database),
    dns: options.dns ?? createDnsLookups(null),
    clock,
    log,
  });
  const desk = createEditionDesk({
    site,
    newsletters: config.newsletters,
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
  const operatorRoom = createOperatorRoom({ config, database, keys, clock, log, ...(passwords ? { passwords } : {}) });
  await operatorRoom.sealSecrets();

  const importRoom = createImportRoom({
    database,
    store: subscribers,
    choices: readerChoices(site, config.newsletters),
    folder: join(paths.data, 'imports'),
    clock,
    log,
  });

  return {
    ...press,
    config,
    clock,
    log,
    editions,
    ledger,
    subscribers,
    readerCounts: createReaderCounts(database),
    directory: createReaderDirectory(database, keys),
    importRoom,
    eraseReader,
    preferences: createPreferenceStore(database),
    requests: {
      store: subscribers,
      changes: createAddressChangeStore(database, keys),
      ownData: createOwnDataStore(database),
      eraseReader,
      letters: letterRoom.desk,
      keys,
      clock,
    },
    keys,
    transport,
    outboxIndex: createOutboxIndex(database, keys),
    troubles,
    desk,
    records: createDeliveryRecords(database),
    readerCopy: createReaderCopy({ ...mailOptions, editions }),
    aftercare: createAftercare({ ledger, newsletters: config.newsletters, clock }),
    postRoom: createPostRoom({
      config,
      clock,
      log,
      editions,
      ledger,
      mailOptions,
      letters: letterRoom,
      transport,
      desk,
      guard,
      noticeStore: createNoticeStore(database),
      retentionStore: createRetentionStore(database),
      subscribers,
      doctorRoom,
      paces,
      troubles,
      published: () => catalog.published(),
      publishEditions: press.publishEditions,
    }),
    preflightRoom,
    operatorRoom,
    audit: operatorRoom.auditLog,
    letterRoom,
    doctorRoom,
    bounceRoom: createBounceRoom({ config, database, keys, ledger, clock, log }),
    nextDue: (newsletter, rhythm = 'each') => desk.nextDue(newsletter, rhythm),
    async close() {
      doctorRoom.close();
      await closeAll([
        () => desk.readers.close(),
        // What it has begun ends with the count that it waits for.
        async () => void (await Promise.all([preflightRoom.close(), counting?.close()])),
        () => importRoom.close(),
        () => press.close(),
        () => transport.close(),
        () => database.destroy(),
      ]);
    },
  };
}

function createTransport({ mail, paths }: Config, log: Log): Transport {
  if (mail.relay === null) return createOutboxTransport(paths.outbox);
  const create = mail.transport === 'nodemailer' ? createNodemailerTransport : createSmtpTransport;
  return create({
    relay: mail.relay,
    connections: mail.connections,
    messagesPerConnection: mail.messagesPerConnection,
    pipelineNext: mail.pipelineNext,
    drainMs: mail.drainMs,
    onTrouble: (message: string) => log.warn('problem', { message }),
  });
}
