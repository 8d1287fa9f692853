import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { closeAll } from '../close-all.ts';
import type { Config } from '../config/index.ts';
import {
  type CatalogChange,
  type ContentProblem,
  type LiveCatalog,
  openLiveCatalog,
  type PublishedCatalog,
} from '../content/index.ts';
import { createEditionFeeds, type EditionStore } from '../digest/index.ts';
import { sentenceOf } from '../errors.ts';
import {
  createFeedPolls,
  createFeedPress,
  createHubPinger,
  createPictureFiles,
  createResizedPictures,
  type FeedPollStore,
  type FeedPolls,
  type FeedPress,
  type HubPinger,
  type PublishedFeeds,
  type ResizedPictures,
} from '../feeds/index.ts';
import type { Log } from '../log.ts';
import {
  createArticleStore,
  createFeedDocumentStore,
  createFeedPollStore,
  createHubPingStore,
  type Database,
} from '../storage/index.ts';
import { createEntrySource } from './entry-source.ts';
import type { PressCrew } from './press-crew.ts';
import { createPressProblems, type PressProblem } from './press-problems.ts';

export interface RebuildOptions {
  readonly acceptRemovals?: boolean;
  /** Whether `finish` follows, so that feeds may lead to archives that aren’t there yet; default: true. */
  readonly makesArchives?: boolean;
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

const renewEveryMs = 60_000;
/** Whoever saves often isn't held up by what can wait. */
const finishAfterMs = 500;

/** What was made after a rebuild. */
export interface Finished {
  /** Archive documents that were written. */
  readonly written: number;
  readonly ms: number;
}

export interface PressRoomParts {
  readonly config: Config;
  readonly publicDir: string;
  readonly database: Database;
  /** See `LiveCatalogOptions`. */
  readonly idSecret: Uint8Array;
  readonly editions: EditionStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Who reads, renders and sets; it closes with the room. */
  readonly crew: PressCrew;
}

/** Where articles become feeds and pictures. */
export interface PressRoom {
  readonly publicDir: string;
  readonly catalog: LiveCatalog;
  readonly feeds: FeedPress;
  /** Counts who asks for the feeds. */
  readonly polls: FeedPolls;
  /** What all processes have counted. */
  readonly pollStore: FeedPollStore;
  /** Tells the hubs of changed feeds, once it is started or asked to. */
  readonly hubs: HubPinger;
  /** The smaller sizes of pictures, made in the background after each rebuild. */
  readonly sizes: ResizedPictures;
  /** What is wrong with feeds and pictures as they were last made here. */
  listProblems(): PressProblem[];
  /** Reads what changed in `content/` and writes the feeds and pictures that follow from it. */
  rebuild(options?: RebuildOptions): Promise<Rebuilt>;
  /**
   * What can wait until the feeds are out: compressed twins, and archives that never were made. Afterwards a watching app
   * does it by itself.
   */
  finish(onProgress?: (done: number, all: number) => void): Promise<Finished>;
  /**
   * Renews the newsletters' feeds where editions went out, or were given up, since they were made, and feeds in the public
   * folder that another process wrote over. Never rejects.
   */
  renewFeeds(): Promise<void>;
  /** Rebuilds whenever a file changes or an embargo ends; looks every minute for what another process sent or wrote over. */
  watch(onRebuilt: (rebuilt: Rebuilt) => void): { close(): Promise<void> };
  close(): Promise<void>;
}

/** Opens the articles of a publication. */
export async function openPressRoom(parts: PressRoomParts): Promise<PressRoom> {
  const { config, publicDir, database, idSecret, editions, clock, log, crew } = parts;
  const { site, paths } = config;
  const catalog = await openLiveCatalog({
    contentDir: paths.content,
    site,
    store: createArticleStore(database),
    idSecret,
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
    source: createEntrySource(catalog, {
      set: (sources) => crew.map('set', sources),
      renderAndSet: (orders) => crew.map('renderAndSet', orders),
    }),
    others: () => editionFeeds.list(),
    clock,
    log,
  });
  const pollStore = createFeedPollStore(database);
  const polls = createFeedPolls({ store: pollStore, timezone: site.timezone, clock, log });
  const hubs = createHubPinger({ site, hubs: config.feeds.hubs, store: createHubPingStore(database), clock, log });
  const problems = createPressProblems();
  const sizes = createResizedPictures({
    publicDir,
    cacheDir: join(paths.data, 'cache', 'pictures'),
    onProblem(path, message) {
      problems.keepSizes(path, message);
      if (message !== null) log.warn('problem', { path, message });
    },
  });
  const pictures = createPictureFiles({ site, dir: config.dir, contentDir: paths.content, publicDir, sizes });

  async function publishFeeds(published: PublishedCatalog, makesArchives = true): Promise<PublishedFeeds> {
    const made = await feeds.publish(published, clock.now(), {
      makesArchives,
      ready: () => catalog.saved(),
      announce: (documents, isFirst) => hubs.announce(documents, isFirst),
    });
    problems.keepFeeds(made.problems);
    return made;
  }

  async function publish(change: CatalogChange, startedAt: number, makesArchives?: boolean): Promise<Rebuilt> {
    const published = catalog.published();
    const written = await publishFeeds(published, makesArchives);
    // Where the folder can't be believed, the pictures that are out stay as they are.
    const copied = change.refused ? null : await pictures.publish(published);
    for (const { path, message } of copied?.problems ?? []) log.warn('problem', { path, message });
    if (copied !== null) problems.keepPictures(copied.problems);
    const { articles, problems: found } = catalog.catalog();
    return {
      articles: articles.length,
      problems: found,
      documents: written.documents,
      written: written.written.length,
      failed: written.problems.filter(({ entry }) => entry === null).length,
      refused: change.refused,
      ms: Math.round(performance.now() - startedAt),
    };
  }

  async function finish(onProgress?: (done: number, all: number) => void): Promise<Finished> {
    const startedAt = performance.now();
    const { written, problems: ofArchives } = await feeds.finish(onProgress);
    problems.keepArchives(ofArchives);
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
  function renewFeeds(): Promise<void> {
    renewing = renewing
      .then(async () => {
        if (!(await editionFeeds.haveChanged()) && feeds.areThere()) return;
        await publishFeeds(catalog.published());
        finishSoon();
      })
      .catch((error: unknown) => {
        log.error('problem', { message: `Feeds could not be renewed: ${sentenceOf(error)}` });
      });
    return renewing;
  }

  return {
    publicDir,
    catalog,
    feeds,
    polls,
    pollStore,
    hubs,
    sizes,
    listProblems: () => problems.list(),
    async rebuild({ makesArchives, ...refreshing } = {}) {
      const startedAt = performance.now();
      return publish(await catalog.refresh({ ...refreshing, saveLater: true }), startedAt, makesArchives);
    },
    renewFeeds,
    finish,
    watch(onRebuilt) {
      const watcher = catalog.watch(async (change) => {
        onRebuilt(await publish(change, performance.now()));
        finishSoon();
      });
      // Other processes send editions, and write feeds, too.
      const looking = setInterval(() => void renewFeeds(), renewEveryMs).unref();
      return {
        async close() {
          clearInterval(looking);
          await watcher.close();
        },
      };
    },
    close: () =>
      closeAll([
        () => polls.close(),
        () => hubs.close(),
        () => catalog.close(),
        () => renewing,
        () => feeds.close(),
        () => clearTimeout(finishTimer),
        () => finishing,
        () => sizes.close(),
        () => crew.close(),
      ]),
  };
}
