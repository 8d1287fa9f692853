import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { eraseFromOutbox } from '../delivery/index.ts';
import type { Log } from '../log.ts';
import {
  createAddressChangeStore,
  createOwnDataStore,
  createPreferenceStore,
  createReaderCounts,
  createReaderDirectory,
  createSubscriberStore,
  type Database,
} from '../storage/index.ts';
import {
  createEraseReader,
  type EraseReader,
  type Keys,
  type PreferenceStore,
  type ReaderCounts,
  type ReaderDirectory,
  type RequestDesk,
  readerChoices,
  type SubscriberStore,
} from '../subscribers/index.ts';
import { createImportRoom, type ImportRoom } from './import-room.ts';

export interface ReaderRoomParts {
  readonly config: Config;
  readonly database: Database;
  readonly keys: Keys;
  /** Where mails to single readers are handed in. */
  readonly letters: RequestDesk['letters'];
  readonly clock: Clock;
  readonly log: Log;
}

/** Where everything about readers is kept and asked for. */
export interface ReaderRoom {
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
}

export function createReaderRoom({ config, database, keys, letters, clock, log }: ReaderRoomParts): ReaderRoom {
  const { site, paths, newsletters } = config;
  const subscribers = createSubscriberStore(database, keys);
  const eraseReader = createEraseReader({
    store: subscribers,
    eraseMails: (address) => eraseFromOutbox(paths.outbox, address),
    clock,
  });
  return {
    subscribers,
    readerCounts: createReaderCounts(database),
    directory: createReaderDirectory(database, keys),
    importRoom: createImportRoom({
      database,
      store: subscribers,
      choices: readerChoices(site, newsletters),
      folder: join(paths.data, 'imports'),
      clock,
      log,
    }),
    eraseReader,
    preferences: createPreferenceStore(database),
    requests: {
      store: subscribers,
      changes: createAddressChangeStore(database, keys),
      ownData: createOwnDataStore(database),
      eraseReader,
      letters,
      keys,
      clock,
    },
  };
}
