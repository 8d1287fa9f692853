import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Instant } from '../../src/clock.ts';
import type { Article } from '../../src/content/index.ts';
import {
  createFeedPress,
  type EntrySource,
  type FeedDocument,
  type FeedDocumentStore,
  type FeedPress,
  type FeedPressParts,
  type PublishedFeeds,
} from '../../src/feeds/index.ts';
import { silentLog } from '../../src/log.ts';
import { createFeedDocumentStore, openDatabase } from '../../src/storage/index.ts';
import { entrySource } from './entry-source.ts';
import { catalogOf, noon, siteOf } from './feed-fixtures.ts';
import { type FixedClock, fixedClock } from './fixed-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Newsroom {
  readonly publicDir: string;
  readonly store: FeedDocumentStore;
  readonly clock: FixedClock;
  /** Titles of the entries that were set since this was emptied. */
  readonly set: string[];
  /** A press as after a start of the program: with nothing in memory. */
  open(changes?: Partial<FeedPressParts>): FeedPress;
}

/** A database and a public folder, for as many presses as a test wants. */
export async function openNewsroom(): Promise<Newsroom> {
  const { path } = await temporaryFolder();
  const database = await openDatabase(join(path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  const store = createFeedDocumentStore(database);
  const publicDir = join(path, 'public');
  const options = { items: 50, days: 3, maxAge: 900, hubs: [] };
  const clock = fixedClock(noon);
  const set: string[] = [];
  const counted = (source: EntrySource): EntrySource => ({
    set(items) {
      set.push(...items.map(({ title }) => title));
      return source.set(items);
    },
  });
  const open = (changes: Partial<FeedPressParts> = {}): FeedPress => {
    const { site = siteOf(), renderers } = changes;
    const source = counted(entrySource(site, renderers));
    const press = createFeedPress({ options, publicDir, store, clock, log: silentLog, site, source, ...changes });
    onTestFinished(() => press.close());
    return press;
  };
  return { publicDir, store, clock, set, open };
}

export function publish(press: FeedPress, articles: readonly Article[], now: Instant = noon): Promise<PublishedFeeds> {
  return press.publish(catalogOf(articles, now), now);
}

/** The document at a path; throws where there is none. */
export function documentAt(press: FeedPress, path: string): FeedDocument {
  const document = press.find(path);
  if (!document) throw new Error(`There is no document at ${path}.`);
  return document;
}

export async function textAt(press: FeedPress, path: string): Promise<string> {
  return (await press.bytesOf(documentAt(press, path), 'identity')).toString();
}

/** All files below a folder, with a leading slash. */
export async function listFiles(dir: string): Promise<string[]> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(dir.length));
}
