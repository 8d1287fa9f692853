import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { PaceStore } from '../../src/delivery/index.ts';
import { createPaceStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = 1_700_000_000_000;
const slice = { relay: 'smtp://relay.example:587', domain: '', lengthMs: 1000, behindMs: 80, aheadMs: 10_000 };
let store: PaceStore;
let path = '';

beforeEach(async () => {
  path = `${(await temporaryFolder()).path}/silkpost.db`;
  store = await open();
});

async function open(): Promise<PaceStore> {
  const database = await openDatabase(path);
  onTestFinished(() => database.destroy());
  return createPaceStore(database);
}

describe('reserve', () => {
  it('gives each slice once, one after the other, to whoever asks', async () => {
    const other = await open();
    expect(await store.reserve({ ...slice, now })).toBe(now - 80);
    expect(await other.reserve({ ...slice, now })).toBe(now + 920);
    expect(await store.reserve({ ...slice, now: now + 10 })).toBe(now + 1920);
  });

  it('gives a single message its place behind the slices of others', async () => {
    await store.reserve({ ...slice, now });
    await store.reserve({ ...slice, now });
    expect(await store.reserve({ ...slice, lengthMs: 20, now })).toBe(now + 1920);
    expect(await store.reserve({ ...slice, now })).toBe(now + 1940);
  });

  it('begins anew after a pause', async () => {
    await store.reserve({ ...slice, now });
    expect(await store.reserve({ ...slice, now: now + 60_000 })).toBe(now + 60_000 - 80);
  });

  it('keeps relays and domains apart', async () => {
    await store.reserve({ ...slice, now });
    expect(await store.reserve({ ...slice, domain: 'example.com', now })).toBe(now - 80);
    expect(await store.reserve({ ...slice, relay: 'smtp://other:25', now })).toBe(now - 80);
  });

  it('does not wait for a clock that was set back', async () => {
    await store.reserve({ ...slice, now: now + 86_400_000 });
    expect(await store.reserve({ ...slice, now })).toBe(now);
  });
});

describe('saveThrottle', () => {
  it('keeps what a domain said, beside its bucket', async () => {
    const throttle = { connections: 2.5, changedAt: now, closedUntil: now + 900_000, refusals: 2 };
    await store.reserve({ ...slice, domain: 'example.com', now });
    await store.saveThrottle(slice.relay, 'example.com', { ...throttle, refusals: 1 });
    await store.saveThrottle(slice.relay, 'example.com', throttle);
    await store.saveThrottle('smtp://other:25', 'example.com', throttle);
    expect(await (await open()).listThrottles(slice.relay, 0)).toEqual(new Map([['example.com', throttle]]));
    expect(await store.reserve({ ...slice, domain: 'example.com', now })).toBe(now + 920);
  });

  it('is listed as long as it is closed or has changed lately', async () => {
    const slow = { connections: 2, changedAt: now, closedUntil: null, refusals: 0 };
    await store.saveThrottle(slice.relay, 'slow.example', slow);
    await store.saveThrottle(slice.relay, 'shut.example', { ...slow, closedUntil: now + 1 });
    expect([...(await store.listThrottles(slice.relay, now - 1)).keys()].sort()).toEqual([
      'shut.example',
      'slow.example',
    ]);
    expect([...(await store.listThrottles(slice.relay, now)).keys()]).toEqual(['shut.example']);
  });
});
