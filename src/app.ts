import { join } from 'node:path';
import { type BounceRoom, createBounceRoom } from './bounce-room.ts';
import type { Clock, Instant } from './clock.ts';
import { systemClock, toMs } from './clock.ts';
import type { Config } from './config/index.ts';
import {
  type CatalogChange,
  type ContentProblem,
  type LiveCatalog,
  openLiveCatalog,
  type PublishedCatalog,
} from './content/index.ts';
import { createCrew } from './crew.ts';
import { type CrewSetup, createCrewWork } from './crew-work.ts';
import {
  createNodemailerTransport,
  createOutboxTransport,
  createSmtpTransport,
  type DeliveryLedger,
  eraseFromOutbox,
  type RelayTroubleStore,
  type Transport,
} from './delivery/index.ts';
import { createEditionFeeds, type EditionStore, type Newsletter } from './digest/index.ts';
import { sentenceOf } from './errors.ts';
import {
  createFeedPress,
  createHubPinger,
  createPictureFiles,
  createResizedPictures,
  type FeedPress,
  type HubPinger,
  type PublishedFeeds,
  type ResizedPictures,
} from './feeds/index.ts';
import { createLetterRoom, type LetterRoom } from './letter-room.ts';
import { type Log, silentLog } from './log.ts';
import { createMailOptions } from './message-options.ts';
import { ownModule } from './own-files.ts';
import { createPostRoom, type PostRoom } from './post-room.ts';
import { createEditionDesk, createRestoreGuard, type EditionDesk } from './schedule/index.ts';
import {
  createAddressChangeStore,
  createArticleStore,
  createDeliveryLedger,
  createEditionStore,
  createFeedDocumentStore,
  createGuardStore,
  createHubPingStore,
  createNoticeStore,
  createOwnDataStore,
  createPaceStore,
  createPreferenceStore,
  createRelayTroubleStore,
  createRetentionStore,
  createSubscriberStore,
  createWitnessFile,
  openDatabase,
} from './storage/index.ts';
import {
  createEraseReader,
  type EraseReader,
  type Keys,
  openKeys,
  type PreferenceStore,
  type RequestDesk,
  type Rhythm,
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
  /** Where feeds and pictures are written; default: the configuration's. */
  readonly publicDir?: string;
}

export interface RebuildOptions {
  readonly acceptRemovals?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
}

/** What a rebuild found and wrote. */
export interface Rebuilt {
  readonly articles: number;
  readonly problems: readonly ContentProblem[];
  /** Feed documents there are, and files that were written. */
  readonly documents: number;
  readonly written: number;
  /** Documents that could not be made or written. */
  readonly failed: number;
  /** Whether so many articles were gone that the last good state was kept. */
  readonly refused: boolean;
  readonly ms: number;
}

const editionsEveryMs = 60_000;
/** Whoever saves often isn't held up by what can wait. */
const finishAfterMs = 500;

/** What was made after a rebuild. */
export interface Finished {
  /** Archive documents that were written. */
  readonly written: number;
  readonly ms: number;
}

/** The whole program, put together for one publication. */
export interface App {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly publicDir: string;
  readonly catalog: LiveCatalog;
  readonly feeds: FeedPress;
  /** Tells the hubs of changed feeds, once it is started or asked to. */
  readonly hubs: HubPinger;
  /** The smaller sizes of pictures, made in the background after each rebuild. */
  readonly sizes: ResizedPictures;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
  readonly subscribers: SubscriberStore;
  readonly eraseReader: EraseReader;
  readonly preferences: PreferenceStore;
  /** What readers ask for by a fresh mail. */
  readonly requests: RequestDesk;
  readonly keys: Keys;
  readonly transport: Transport;
  /** What keeps mail from leaving, for people. */
  readonly troubles: RelayTroubleStore;
  readonly desk: EditionDesk;
  readonly postRoom: PostRoom;
  /** Where mails to single readers are handed in. */
  readonly letterRoom: LetterRoom;
  /** Where what comes back is taken in. */
  readonly bounceRoom: BounceRoom;
  /** Reads what changed in `content/` and writes the feeds and pictures that follow from it. */
  rebuild(options?: RebuildOptions): Promise<Rebuilt>;
  /**
   * What can wait until the feeds are out: compressed twins, and archives that never were made. Afterwards a watching app
   * does it by itself.
   */
  finish(onProgress?: (done: number, all: number) => void): Promise<Finished>;
  /** Renews the newsletters' feeds where editions went out, or were given up, since they were made. Never rejects. */
  publishEditions(): Promise<void>;
  /** Rebuilds whenever a file changes or an embargo ends; looks for editions that another process sent every minute. */
  watch(onRebuilt: (rebuilt: Rebuilt) => void): { close(): Promise<void> };
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
  const { clock = systemClock, log = silentLog, serves = false, publicDir = config.paths.public } = options;
  const { site, paths } = config;
  const database = await openDatabase(paths.database);
  const keys = await openKeys(paths.data);
  const editions = createEditionStore(database);
  const ledger = createDeliveryLedger(database);
  const subscribers = createSubscriberStore(database, keys);
  const transport = createTransport(config, log);
  const setup: CrewSetup = { site, contentDir: paths.content };
  const crew = createCrew({ work: createCrewWork(setup), entry: ownModule('crew-thread'), setup, worksHere: !serves });
  const catalog = await openLiveCatalog({
    contentDir: paths.content,
    site,
    store: createArticleStore(database),
    desk: {
      read: (files, onProgress) => crew.map('read', files, onProgress),
      render: (orders) => crew.map('render', orders),
    },
    clock,
    log,
  });
  const editionFeeds = createEditionFeeds({
    site,
    newsletters: config.newsletters,
    options: config.feeds,
    editions,
    published: () => catalog.published(),
  });
  const feeds = createFeedPress({
    site,
    options: config.feeds,
    publicDir,
    store: createFeedDocumentStore(database),
    source: {
      withBodies: (articles) => catalog.withBodies(articles),
      set: (sources) => crew.map('set', sources),
    },
    others: () => editionFeeds.list(),
    clock,
    log,
  });
  const hubs = createHubPinger({ site, hubs: config.feeds.hubs, store: createHubPingStore(database), clock, log });
  const sizes = createResizedPictures({
    publicDir,
    cacheDir: join(paths.data, 'cache', 'pictures'),
    onProblem: (path, message) => log.warn('problem', { path, message }),
  });
  const pictures = createPictureFiles({ site, dir: config.dir, contentDir: paths.content, publicDir, sizes });
  const mailOptions = createMailOptions({ config, keys, clock, log });
  const eraseReader = createEraseReader({
    store: subscribers,
    eraseMails: (address) => eraseFromOutbox(paths.outbox, address),
    clock,
  });
  const letterRoom = createLetterRoom({
    config,
    database,
    keys,
    mailOptions,
    transport,
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
  const troubles = createRelayTroubleStore(database);
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
    guard,
    clock,
    log,
  });

  function publishFeeds(published: PublishedCatalog): Promise<PublishedFeeds> {
    return feeds.publish(published, clock.now(), {
      ready: catalog.saved(),
      announce: (documents, isFirst) => hubs.announce(documents, isFirst),
    });
  }

  async function publish(change: CatalogChange, startedAt: number): Promise<Rebuilt> {
    const published = catalog.published();
    const [written, copied] = [await publishFeeds(published), await pictures.publish(published)];
    for (const { path, message } of copied.problems) log.warn('problem', { path, message });
    const { articles, problems } = catalog.catalog();
    return {
      articles: articles.length,
      problems,
      documents: written.documents,
      written: written.written.length,
      failed: written.problems.filter(({ entry }) => entry === null).length,
      refused: change.refused,
      ms: Math.round(performance.now() - startedAt),
    };
  }

  async function finish(onProgress?: (done: number, all: number) => void): Promise<Finished> {
    const startedAt = performance.now();
    const { written } = await feeds.finish(onProgress);
    return { written: written.length, ms: Math.round(performance.now() - startedAt) };
  }

  let finishing: Promise<void> = Promise.resolve();
  let finishTimer: NodeJS.Timeout | undefined;
  function finishSoon(): void {
    finishTimer ??= setTimeout(() => {
      finishTimer = undefined;
      finishing = finishing
        .then(async () => void (await finish()))
        .catch((error: unknown) => log.error('problem', { message: sentenceOf(error) }));
    }, finishAfterMs).unref();
  }

  let renewing: Promise<void> = Promise.resolve();
  function publishEditions(): Promise<void> {
    renewing = renewing
      .then(async () => {
        if (!(await editionFeeds.haveChanged())) return;
        await publishFeeds(catalog.published());
        finishSoon();
      })
      .catch((error: unknown) => {
        log.error('problem', { message: `The newsletters’ feeds could not be renewed: ${sentenceOf(error)}` });
      });
    return renewing;
  }

  return {
    config,
    clock,
    log,
    publicDir,
    catalog,
    feeds,
    hubs,
    sizes,
    editions,
    ledger,
    subscribers,
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
    troubles,
    desk,
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
      paces: createPaceStore(database),
      troubles,
      publishEditions,
    }),
    letterRoom,
    bounceRoom: createBounceRoom({ config, database, keys, ledger, clock, log }),
    async rebuild(rebuildOptions = {}) {
      const startedAt = performance.now();
      return publish(await catalog.refresh({ ...rebuildOptions, saveInBackground: true }), startedAt);
    },
    publishEditions,
    finish,
    watch(onRebuilt) {
      const watcher = catalog.watch(async (change) => {
        onRebuilt(await publish(change, performance.now()));
        finishSoon();
      });
      // Other processes send editions too.
      const looking = setInterval(() => void publishEditions(), editionsEveryMs).unref();
      return {
        async close() {
          clearInterval(looking);
          await watcher.close();
        },
      };
    },
    nextDue: (newsletter, rhythm = 'each') => desk.nextDue(newsletter, rhythm),
    async close() {
      const steps = [
        () => hubs.close(),
        () => catalog.close(),
        () => renewing,
        () => feeds.close(),
        () => clearTimeout(finishTimer),
        () => finishing,
        () => sizes.close(),
        () => crew.close(),
        () => transport.close(),
        () => database.destroy(),
      ];
      const faults: unknown[] = [];
      // Whatever one of them fails with, the others are closed too: else the process would never end.
      for (const step of steps) {
        try {
          await step();
        } catch (error) {
          faults.push(error);
        }
      }
      if (faults.length > 0) throw faults[0];
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
