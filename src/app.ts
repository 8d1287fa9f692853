import { existsSync } from 'node:fs';
import type { Clock, Instant } from './clock.ts';
import { systemClock, toMs } from './clock.ts';
import { closeAll } from './close-all.ts';
import { type Config, checkPublicDir } from './config/index.ts';
import {
  createReaderCopy,
  type DeliveryLedger,
  type DeliveryRecords,
  type OutboxIndex,
  type ReaderCopy,
  type RelayTroubleStore,
  type Transport,
} from './delivery/index.ts';
import type { EditionStore, Newsletter } from './digest/index.ts';
import { createDnsLookups, type DnsLookups } from './doctor/index.ts';
import { type Log, silentLog } from './log.ts';
import type { AuditLog, Passwords } from './operators/index.ts';
import {
  type BounceRoom,
  createBounceRoom,
  createDoctorRoom,
  createEditionRoom,
  createLetterRoom,
  createMailOptions,
  createMailTransport,
  createOperatorRoom,
  createPostRoom,
  createPressCrew,
  createReaderRoom,
  type DoctorRoom,
  type LetterRoom,
  type OperatorRoom,
  openPressRoom,
  type PostRoom,
  type PressRoom,
  type ReaderRoom,
} from './rooms/index.ts';
import { type Aftercare, createAftercare, type EditionDesk, type PreflightRoom } from './schedule/index.ts';
import {
  createDeliveryLedger,
  createDeliveryRecords,
  createEditionStore,
  createExaminationStore,
  createNoticeStore,
  createOutboxIndex,
  createPaceStore,
  createRelayTroubleStore,
  createRetentionStore,
  openDatabase,
  openLookingInto,
} from './storage/index.ts';
import { articleIdSecret, type Keys, openKeys, type Rhythm } from './subscribers/index.ts';

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
  /** Whether a rebuild follows at once, so that what a first one needs starts meanwhile; default: false. */
  readonly rebuilds?: boolean;
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
export interface App extends PressRoom, ReaderRoom {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
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
 * @throws AppError `unavailable` where the data folder can't be used, `invalid` where feeds would be written among what
 * isn't theirs.
 */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const { clock = systemClock, log = silentLog, serves = false, publicDir = config.paths.public, passwords } = options;
  const { passedMs = clock === systemClock ? () => performance.now() : () => toMs(clock.now()) } = options;
  const { paths, newsletters } = config;
  const { lookingInto, rebuilds = false } = options;
  checkPublicDir(publicDir, paths);
  // Whatever goes wrong, nothing that was opened keeps a command waiting that has nothing more to say.
  await using opened = new AsyncDisposableStack();
  const crew = createPressCrew(config, serves, rebuilds && !existsSync(paths.database));
  opened.defer(() => crew.close());
  const database = await (lookingInto === undefined
    ? openDatabase(paths.database, log)
    : openLookingInto(lookingInto, paths.database));
  opened.defer(() => database.destroy());
  const keys = await openKeys(paths.data);
  const editions = createEditionStore(database);
  const ledger = createDeliveryLedger(database);
  const transport = createMailTransport(config, log);
  const press = await openPressRoom({
    config,
    publicDir,
    database,
    idSecret: articleIdSecret(keys),
    editions,
    clock,
    log,
    crew,
  });
  const published = () => press.catalog.published();
  const mailOptions = createMailOptions({ config, keys, clock, log });
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
    published,
    clock,
    log,
  });
  const readerRoom = createReaderRoom({ config, database, keys, letters: letterRoom.desk, clock, log });
  const doctorRoom = createDoctorRoom({
    config,
    store: createExaminationStore(database),
    dns: options.dns ?? createDnsLookups(null),
    clock,
    log,
  });
  const editionRoom = createEditionRoom({
    config,
    database,
    press,
    transport,
    editions,
    ledger,
    clock,
    passedMs,
    log,
    serves,
  });
  const { desk, guard, preflightRoom } = editionRoom;
  const operatorRoom = createOperatorRoom({ config, database, keys, clock, log, ...(passwords ? { passwords } : {}) });
  await operatorRoom.sealSecrets();

  const postRoom = createPostRoom({
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
    subscribers: readerRoom.subscribers,
    doctorRoom,
    paces,
    troubles,
    published,
    renewFeeds: press.renewFeeds,
  });

  opened.move();
  return {
    ...press,
    ...readerRoom,
    config,
    clock,
    log,
    editions,
    ledger,
    keys,
    transport,
    outboxIndex: createOutboxIndex(database, keys),
    troubles,
    desk,
    records: createDeliveryRecords(database),
    readerCopy: createReaderCopy({ ...mailOptions, editions }),
    aftercare: createAftercare({ ledger, heedWithdrawals: postRoom.heedWithdrawals, newsletters, clock }),
    postRoom,
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
        () => editionRoom.close(),
        () => readerRoom.importRoom.close(),
        () => press.close(),
        () => transport.close(),
        () => database.destroy(),
      ]);
    },
  };
}
