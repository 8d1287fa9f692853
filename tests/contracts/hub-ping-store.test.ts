import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HubPing, HubPingStore } from '../../src/feeds/index.ts';
import { createHubPingStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function openSqliteStore(): Promise<HubPingStore> {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  return createHubPingStore(database);
}

const home: HubPing = {
  hub: 'https://hub.example',
  selfUrl: 'https://dispatch.example/rss.xml',
  etag: '"a"',
  looks: 0,
  tries: 0,
  notBefore: '2023-04-09T14:31:00.000Z',
};
const persian: HubPing = {
  ...home,
  selfUrl: 'https://dispatch.example/fa/rss.xml',
  notBefore: '2023-04-09T14:30:00.000Z',
};
const changed: HubPing = { ...home, etag: '"b"', notBefore: '2023-04-09T14:32:00.000Z' };

describe.each([['SQLite', openSqliteStore]])('HubPingStore in %s', (_name, openStore) => {
  it('lists what was saved, the earliest first, and nothing at first', async () => {
    const store = await openStore();
    expect(await store.listPings()).toEqual([]);
    await store.savePings([home, persian]);
    expect(await store.listPings()).toEqual([persian, home]);
  });

  it('keeps one ping for each hub and self URL: the latest', async () => {
    const store = await openStore();
    const other = { ...home, hub: 'https://other.example' };
    await store.savePings([{ ...home, looks: 2, tries: 1 }, other]);
    await store.savePings([changed]);
    expect(await store.listPings()).toEqual([other, changed]);
  });

  it('notes how far a ping has come, but never on the one that replaced it', async () => {
    const store = await openStore();
    await store.savePings([home]);
    const tried = { ...home, looks: 1, tries: 2, notBefore: '2023-04-09T15:00:00.000Z' };
    await store.updatePing(tried);
    expect(await store.listPings()).toEqual([tried]);
    await store.savePings([changed]);
    await store.updatePing(tried);
    expect(await store.listPings()).toEqual([changed]);
  });

  it('forgets pings, but never the one that replaced them', async () => {
    const store = await openStore();
    await store.savePings([home, persian]);
    await store.savePings([changed]);
    await store.removePings([home, persian]);
    expect(await store.listPings()).toEqual([changed]);
    await store.removePings([changed, persian]);
    expect(await store.listPings()).toEqual([]);
  });

  it('takes nothing, and thousands', async () => {
    const store = await openStore();
    await store.savePings([]);
    await store.removePings([]);
    await store.savePings(
      Array.from({ length: 2500 }, (_, index) => ({ ...home, selfUrl: `${home.selfUrl}?${index}` })),
    );
    expect(await store.listPings()).toHaveLength(2500);
  });
});
