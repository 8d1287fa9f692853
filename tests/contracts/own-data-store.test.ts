import { describe, expect, it, onTestFinished } from 'vitest';
import { createOwnDataStore } from '../../src/storage/index.ts';
import { addReaders, freezeWeekly, openMailRoom } from '../support/mailing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('OwnDataStore.findOwnData', () => {
  it('gathers what every table holds about one reader, and nothing of another', async () => {
    const room = await openMailRoom((await temporaryFolder()).path);
    onTestFinished(() => room.close());
    const [ann = 0, bob = 0] = await addReaders(room, [{ email: 'ann@example.com' }, { email: 'bob@example.com' }]);
    await freezeWeekly(room);
    const { database } = room;
    const deliveries = await database.selectFrom('delivery').select(['id', 'subscriber_id']).execute();
    for (const { id, subscriber_id: reader } of deliveries) {
      const said = `550 5.1.1 nobody, reader ${reader}`;
      const at = '2026-11-27T08:00:00.000Z';
      await database
        .insertInto('bounce')
        .values({
          delivery_id: id,
          address_key: 'key',
          class: 'soft',
          status: '4.2.2',
          said,
          sent_at: at,
          at,
          counts: 1,
        })
        .execute();
    }
    const store = createOwnDataStore(database);
    const data = await store.findOwnData(ann);
    expect(data).toMatchObject({
      profile: { email: 'ann@example.com', state: 'active', countries: [] },
      subscriptions: [{ newsletter: 'weekly', state: 'active', source: 'import' }],
      deliveries: [{ newsletter: 'weekly', address: 'ann@example.com', state: 'queued', outcome: null }],
      bounces: [{ class: 'soft', status: '4.2.2', said: `550 5.1.1 nobody, reader ${ann}` }],
      letters: [],
      suppression: null,
    });
    expect(JSON.stringify(data)).not.toContain('bob');
    expect((await store.findOwnData(bob))?.profile.email).toBe('bob@example.com');
    expect(await store.findOwnData(999)).toBeNull();
  });
});
