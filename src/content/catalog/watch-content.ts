import { type Clock, toMs } from '../../clock.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type ArticleCatalog, nextEmbargo, type PublishedCatalog } from './article-catalog.ts';
import { watchFolders } from './watch-folders.ts';

/** What a refresh came to. */
export interface CatalogChange {
  /** Whether so many published articles were gone that the last good state was kept. */
  readonly refused: boolean;
}

export interface WatchParts {
  readonly contentDir: string;
  readonly clock: Clock;
  readonly log: Log;
  catalog(): ArticleCatalog;
  /** The same object until something changes. */
  published(): PublishedCatalog;
  /** @param changed Paths relative to `content/`; null: anything may have changed. */
  refresh(changed: ReadonlySet<string> | null): Promise<CatalogChange>;
  /** Saves what an embargo's end changed. */
  save(): Promise<void>;
  /** How long after a refusal the folder is looked at again; default: a minute. */
  readonly refusedMs?: number;
}

/** Editors write a file in several steps; one that is read between them is read again after the next. */
const settleMs = 8;
/** Timers can't wait longer than 24 days; and the clock may be set. */
const longestWaitMs = 3_600_000;
/** Where the system has no watches left, the folder is looked at this often. */
const pollMs = 2000;
const retryMs = 2000;

/** Refreshes when files change and when an embargo ends, and says so: one change after another. */
export function watchContent(
  { contentDir, clock, log, catalog, published, refresh, save, refusedMs = 60_000 }: WatchParts,
  onChange: (change: CatalogChange) => Promise<void> | void,
): { close(): Promise<void> } {
  let settling: NodeJS.Timeout | undefined;
  let waking: NodeJS.Timeout | undefined;
  let polling: NodeJS.Timeout | undefined;
  let retrying: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  let over = false;
  /** What the listener was last told of. Anybody may have looked at the catalog since, so its own memory won't do. */
  let told = published();
  /** Whether the last reading was refused: what another process accepts meanwhile, no file tells of. */
  let refused = false;

  const tell = async (change: CatalogChange): Promise<void> => {
    const telling = published();
    await onChange(change);
    // Not before: what the listener failed with is told again.
    told = telling;
  };
  const enqueue = (job: () => Promise<void>): void => {
    work = work
      .then(() => (over ? undefined : job()))
      .catch((error: unknown) => {
        log.error('problem', { message: `content/ could not be read anew: ${sentenceOf(error)}` });
      })
      .then(sleepUntilEmbargo);
  };
  /** Files that changed since the last reading began; null: anything may have. */
  let changed: Set<string> | null = new Set();
  const readAnew = (path: string | null): void => {
    if (path === null) changed = null;
    else changed?.add(path);
    clearTimeout(settling);
    settling = setTimeout(() => {
      enqueue(async () => {
        const some = changed;
        changed = new Set();
        if (some !== null && some.size === 0) return;
        const change = await read(some);
        await tell(change);
      });
    }, settleMs);
  };
  const read = async (some: ReadonlySet<string> | null): Promise<CatalogChange> => {
    try {
      const change = await refresh(some);
      refused = change.refused;
      return change;
    } catch (error) {
      // Nothing that changed is forgotten.
      changed = some === null || changed === null ? null : new Set([...some, ...changed]);
      retrying = setTimeout(() => enqueue(async () => readAgain()), retryMs);
      retrying.unref();
      throw error;
    }
  };
  const readAgain = (): void => {
    const [first] = changed ?? [null];
    if (first !== undefined) readAnew(first);
  };
  const sleepUntilEmbargo = (): void => {
    clearTimeout(waking);
    if (over) return;
    const now = clock.now();
    const next = nextEmbargo(catalog(), now);
    const waits = [longestWaitMs];
    if (next !== null) waits.push(toMs(next) - toMs(now) + 1);
    // Somebody else's refresh, or a listener that failed: said a little later.
    if (told !== published()) waits.push(retryMs);
    if (refused) waits.push(refusedMs);
    const wait = Math.min(...waits);
    waking = setTimeout(() => enqueue(refused ? lookAgain : endEmbargo), wait);
    waking.unref();
  };
  const endEmbargo = async (): Promise<void> => {
    if (published() === told) return;
    // What came out may be what others link to.
    const change = await refresh(new Set());
    await save();
    await tell(change);
  };

  const lookOnce = async (): Promise<void> => {
    const change = await read(null);
    if (change.refused || published() !== told) await tell(change);
  };

  const lookAgain = async (): Promise<void> => {
    await lookOnce();
    await save();
  };

  const poll = (error: unknown): void => {
    if (polling !== undefined || over) return;
    const message = `content/ can’t be watched (${sentenceOf(error)}), so it is looked at every ${pollMs / 1000} seconds`;
    log.error('problem', { message });
    polling = setInterval(() => readAnew(null), pollMs);
    polling.unref();
  };
  const watcher = watchFolders(contentDir, readAnew, poll);
  // What was saved since the folder was read, and before it was watched.
  void watcher.then(() => {
    if (!over) enqueue(lookOnce);
  });
  sleepUntilEmbargo();
  return {
    async close() {
      over = true;
      clearTimeout(settling);
      clearTimeout(waking);
      clearInterval(polling);
      clearTimeout(retrying);
      (await watcher).close();
      await work;
    },
  };
}
