import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FeedDocumentRecord, FeedDocumentStore } from '../../src/feeds/index.ts';
import { createFeedDocumentStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function openSqliteStore(): Promise<FeedDocumentStore> {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  return createFeedDocumentStore(database);
}

const home: FeedDocumentRecord = {
  path: '/rss.xml',
  hash: 'a'.repeat(64),
  size: 4711,
  changedAt: '2023-04-09T14:30:00.000Z',
  maxAge: 900,
  inputs: 'i'.repeat(43),
  pieces: { start: 100, gap: 7, keys: `${'k'.repeat(22)} ${'l'.repeat(22)}`, lengths: [600, 81] },
};
const persian: FeedDocumentRecord = {
  path: '/fa/rss.xml',
  hash: 'b'.repeat(64),
  size: 0,
  changedAt: '2023-04-09T14:31:00.000Z',
  maxAge: 86_400,
  inputs: '',
  pieces: { start: 0, gap: 0, keys: '', lengths: [] },
};

describe.each([['SQLite', openSqliteStore]])('FeedDocumentStore in %s', (_name, openStore) => {
  it('lists what was saved, by path, and nothing at first', async () => {
    const store = await openStore();
    expect(await store.listDocuments()).toEqual([]);
    await store.saveDocuments([home, persian]);
    expect(await store.listDocuments()).toEqual([persian, home]);
  });

  it('replaces by path', async () => {
    const store = await openStore();
    await store.saveDocuments([home, persian]);
    const changed: FeedDocumentRecord = {
      path: home.path,
      hash: 'c'.repeat(64),
      size: 9,
      changedAt: '2023-04-10T00:00:00.000Z',
      maxAge: 60,
      inputs: 'j',
      pieces: { start: 1, gap: 2, keys: 'm', lengths: [3] },
    };
    await store.saveDocuments([changed]);
    expect(await store.listDocuments()).toEqual([persian, changed]);
  });

  it('forgets paths, and ignores unknown ones', async () => {
    const store = await openStore();
    await store.saveDocuments([home, persian]);
    await store.removeDocuments(['/rss.xml', '/nothing.xml']);
    expect(await store.listDocuments()).toEqual([persian]);
  });

  it('takes nothing, and thousands', async () => {
    const store = await openStore();
    await store.saveDocuments([]);
    await store.removeDocuments([]);
    const many = Array.from({ length: 2500 }, (_, index) => ({ ...home, path: `/countries/c${index}/rss.xml` }));
    await store.saveDocuments(many);
    expect(await store.listDocuments()).toHaveLength(2500);
    await store.removeDocuments(many.map((record) => record.path));
    expect(await store.listDocuments()).toEqual([]);
  });
});
