import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEditionStore, createGuardStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function openSqliteStores() {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  return { guard: createGuardStore(database), editions: createEditionStore(database) };
}

const [eight, soon, nine] = ['2026-11-27T08:00:00.000Z', '2026-11-27T08:00:20.000Z', '2026-11-27T09:00:00.000Z'];

describe.each([['SQLite', openSqliteStores]])('GuardStore in %s', (_name, openStores) => {
  it('counts the beats of one ledger, at least to what is asked for', async () => {
    const { guard } = await openStores();
    expect(await guard.findBeat()).toBeNull();
    const first = await guard.beat('pass', eight);
    expect(first).toMatchObject({ beats: 1, at: eight, by: 'pass', restoredAt: null });
    expect(await guard.beat('worker', nine)).toEqual({ ...first, beats: 2, at: nine, by: 'worker' });
    expect(await guard.beat('worker', nine, 40)).toMatchObject({ beats: 40 });
    expect(await guard.beat('worker', nine, 7)).toMatchObject({ beats: 41 });
  });

  it('stays a worker’s while it beats, and becomes a pass’s afterwards', async () => {
    const { guard } = await openStores();
    await guard.beat('worker', eight);
    await guard.beat('pass', soon);
    expect(await guard.findBeat()).toMatchObject({ at: soon, by: 'worker' });
    await guard.beat('pass', nine);
    expect(await guard.findBeat()).toMatchObject({ at: nine, by: 'pass' });
  });

  it('holds what is open still, and marks newsletters until the mark is cleared', async () => {
    const { guard, editions } = await openStores();
    const about = { trigger: 'schedule', selection: { since: null, slugs: null }, reason: null, now: eight } as const;
    for (const [newsletter, state] of [
      ['weekly', 'approved'],
      ['daily', 'skipped'],
      ['monthly', 'held'],
    ] as const) {
      await editions.createEdition({ ...about, newsletter, dueAt: eight, state, key: 'once' });
    }
    const ids = (await editions.listEditions()).map(({ id }) => id);
    const suspicion = { reason: 'restored', since: eight, editions: ids, newsletters: ['weekly'] } as const;
    expect(await guard.suspect(suspicion, nine)).toMatchObject([
      { newsletter: 'weekly', state: 'held', reason: 'restored' },
      { newsletter: 'monthly', state: 'held', reason: 'restored' },
    ]);
    expect(await guard.findMark('weekly')).toBe('restored');
    expect(await guard.findMark('daily')).toBeNull();
    await guard.clearMark('weekly');
    expect(await guard.findMark('weekly')).toBeNull();
  });
});
