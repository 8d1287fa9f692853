import { watch as watchFiles } from 'chokidar';
import { type Clock, toMs } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type ArticleCatalog, nextEmbargo, type PublishedCatalog } from './article-catalog.ts';

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
  refresh(): Promise<CatalogChange>;
  /** Saves what an embargo's end changed. */
  save(): Promise<void>;
}

/** Editors write a file in several steps. */
const settleMs = 80;
/** Timers can't wait longer than 24 days; and the clock may be set. */
const longestWaitMs = 3_600_000;
/** Where the system has no watches left, the folder is looked at this often. */
const pollMs = 2000;
const retryMs = 2000;

/** Refreshes when files change and when an embargo ends, and says so: one change after another. */
export function watchContent(
  { contentDir, clock, log, catalog, published, refresh, save }: WatchParts,
  onChange: (change: CatalogChange) => Promise<void> | void,
): { close(): Promise<void> } {
  let settling: NodeJS.Timeout | undefined;
  let waking: NodeJS.Timeout | undefined;
  let polling: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  let over = false;
  /** What the listener was last told of. Anybody may have looked at the catalog since, so its own memory won't do. */
  let told = published();

  const tell = async (change: CatalogChange): Promise<void> => {
    told = published();
    await onChange(change);
  };
  const enqueue = (job: () => Promise<void>): void => {
    work = work
      .then(() => (over ? undefined : job()))
      .catch((error: unknown) => {
        log.error('problem', { message: `content/ could not be read anew: ${sentenceOf(error)}` });
      })
      .then(sleepUntilEmbargo);
  };
  const readAnew = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => enqueue(async () => tell(await refresh())), settleMs);
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
    const wait = Math.min(...waits);
    waking = setTimeout(() => enqueue(endEmbargo), wait);
    waking.unref();
  };
  const endEmbargo = async (): Promise<void> => {
    if (published() === told) return;
    await save();
    await tell({ refused: false });
  };

  const watcher = watchFiles(contentDir, { ignoreInitial: true }).on('all', readAnew);
  watcher.on('error', (error) => {
    if (polling !== undefined) return;
    const message = `content/ can’t be watched (${sentenceOf(error)}), so it is looked at every ${pollMs / 1000} seconds`;
    log.error('problem', { message });
    polling = setInterval(readAnew, pollMs);
    polling.unref();
  });
  sleepUntilEmbargo();
  return {
    async close() {
      over = true;
      clearTimeout(settling);
      clearTimeout(waking);
      clearInterval(polling);
      await watcher.close();
      await work;
    },
  };
}
