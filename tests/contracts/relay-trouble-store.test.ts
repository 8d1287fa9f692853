import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toMs } from '../../src/clock.ts';
import { createPaceStore, createRelayTroubleStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const relay = 'smtp://relay.example:587';
const [nine, ten, eleven] = ['2026-11-27T09:00:00.000Z', '2026-11-27T10:00:00.000Z', '2026-11-27T11:00:00.000Z'];

async function openSqliteStores() {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  return { troubles: createRelayTroubleStore(database), paces: createPaceStore(database) };
}

describe.each([['SQLite', openSqliteStores]])('RelayTroubleStore in %s', (_name, openStores) => {
  it('keeps since when a relay can’t be used and what was said last, until it answers', async () => {
    const { troubles } = await openStores();
    await troubles.note(relay, 'refused', nine);
    await troubles.note(relay, 'x'.repeat(5000), ten);
    const [trouble] = await troubles.listTroubles();
    expect(trouble).toMatchObject({ relay, since: nine, at: ten });
    expect(trouble?.said.length).toBeLessThan(2100);
    await troubles.clear('smtp://other:25');
    expect(await troubles.listTroubles()).toHaveLength(1);
    await troubles.clear(relay);
    expect(await troubles.listTroubles()).toEqual([]);
    await troubles.note(relay, 'refused', eleven);
    expect(await troubles.listTroubles()).toMatchObject([{ since: eleven }]);
  });

  it('lists the domains that are closed now, with their words', async () => {
    const { troubles, paces } = await openStores();
    const closed = { connections: null, changedAt: toMs(nine), closedUntil: toMs(ten), refusals: 1 };
    await paces.saveThrottle(relay, 'b.example', closed);
    await paces.saveThrottle(relay, 'a.example', closed);
    await paces.saveThrottle(relay, 'open.example', { ...closed, closedUntil: null });
    await troubles.noteClosure(relay, 'b.example', '550 5.7.1 no, ann@b.example');
    expect(await troubles.listClosed(nine)).toEqual([
      { relay, domain: 'a.example', until: ten, said: null },
      { relay, domain: 'b.example', until: ten, said: '550 5.7.1 no, (an address)' },
    ]);
    expect(await troubles.listClosed(ten)).toEqual([]);
    // Another closure keeps the words until there are new ones.
    await paces.saveThrottle(relay, 'b.example', { ...closed, closedUntil: toMs(eleven) });
    expect(await troubles.listClosed(ten)).toMatchObject([{ domain: 'b.example', said: '550 5.7.1 no, (an address)' }]);
  });
});
