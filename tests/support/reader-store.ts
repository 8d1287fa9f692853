import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createSubscriberStore, type Database, openDatabase } from '../../src/storage/index.ts';
import { type Keys, type NewSubscriber, openKeys, type SubscriberStore } from '../../src/subscribers/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ReaderStore {
  readonly database: Database;
  readonly keys: Keys;
  readonly store: SubscriberStore;
  /** Absolute path of the folder that holds the database and keys. */
  readonly folder: string;
}

/** A store of readers on a database file of its own, gone when the running test ends. */
export async function openReaderStore(): Promise<ReaderStore> {
  const { path: folder } = await temporaryFolder();
  const keys = await openKeys(folder);
  const database = await openDatabase(join(folder, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  return { database, keys, store: createSubscriberStore(database, keys), folder };
}

/** A reader of `weekly` by the operator's word. */
export function newReader(email: string, changes: Partial<NewSubscriber> = {}): NewSubscriber {
  return {
    email,
    name: null,
    languages: ['en'],
    countries: [],
    topics: [],
    timezone: null,
    newsletters: ['weekly'],
    source: 'operator',
    consent: 'Asked for it.',
    sample: false,
    ...changes,
  };
}
