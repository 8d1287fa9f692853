import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import type { LedgerEntry } from '../../src/delivery/index.ts';
import { createDeliveryLedger, openDatabase } from '../../src/storage/index.ts';
import { addReaders, freezeWeekly, type MailRoom, manyReaders, openMailRoom } from '../support/mailing.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const now = '2026-11-27T03:00:00.000Z';
const leaseUntil = plusMs(now, 60_000);
const request = { worker: 'worker', transport: 'outbox', limit: 200, now, leaseUntil, editionId: null };

let folder: TemporaryFolder;
let room: MailRoom;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  room = await openMailRoom(folder.path);
  await addReaders(room, manyReaders(400));
  await freezeWeekly(room, { now });
});
afterAll(async () => {
  await room.close();
  await folder.remove();
});

describe('the ledger’s thread', () => {
  it('lets the main thread write in turn while it writes all the time, and waits for it in turn', async () => {
    const claimed = await room.ledger.claim(request);
    let isOver = false;
    let [commits, writes, turns] = [0, 0, 0];
    const committing = (async () => {
      for (const { deliveryId, token } of claimed) {
        const begin: LedgerEntry = { kind: 'begin', deliveryId, token, messageId: `<${deliveryId}@example.com>` };
        expect(await room.ledger.commit([begin], now)).toEqual([true]);
        commits += 1;
      }
      isOver = true;
    })();
    const turning = (async () => {
      for (; !isOver; turns += 1) await nextTurn();
    })();
    const writing = (async () => {
      for (; !isOver; writes += 1) {
        await room.database
          .insertInto('worker')
          .values({ id: `${writes}`, host: '', pid: 1, transport: '', started_at: now, heartbeat_at: now })
          .execute();
        await nextTurn();
      }
    })();
    await Promise.all([committing, turning, writing]);
    expect(commits).toBe(200);
    // Each waits for one transaction of the other: neither comes to more than a few of them.
    expect(writes).toBeGreaterThan(commits / 4);
    expect(writes).toBeLessThan(commits * 4);
    // A busy handler that sleeps would let no turn of the event loop pass meanwhile.
    expect(turns).toBeGreaterThan(commits / 2);
  });

  it('waits while a transaction of the main thread goes on over many turns of its event loop', async () => {
    const [first] = await room.ledger.claim({ ...request, limit: 1 });
    if (!first) throw new Error('Nothing is due.');
    const { deliveryId, token } = first;
    const order: string[] = [];
    let committed = Promise.resolve();
    await room.database.transaction().execute(async (tx) => {
      await sql`update worker set pid = 2`.execute(tx);
      const begin = { kind: 'begin', deliveryId, token, messageId: '<1@example.com>' } as const;
      committed = room.ledger.commit([begin], now).then(([took]) => void order.push(`begun: ${took}`));
      for (let turn = 0; turn < 200; turn += 1) await nextTurn();
      order.push('written');
    });
    await committed;
    expect(order).toEqual(['written', 'begun: true']);
  });

  it('gives its turn back when a transaction of it fails', async () => {
    await sql`create trigger broken before update of state on delivery begin select raise(fail, 'It is broken.'); end`.execute(
      room.database,
    );
    await expect(room.ledger.claim(request)).rejects.toThrow('It is broken.');
    await sql`drop trigger broken`.execute(room.database);
    await sql`update worker set pid = 3`.execute(room.database);
    expect(await room.ledger.claim({ ...request, limit: 1 })).toHaveLength(1);
  });

  it('tells whoever waits for it that it can’t begin, and holds up nobody else', async () => {
    const file = join(folder.path, 'other.db');
    const database = await openDatabase(file);
    const ledger = createDeliveryLedger(database);
    await rm(file);
    await mkdir(file);
    await expect(ledger.claim(request)).rejects.toThrow('The ledger’s thread died: ');
    await expect(ledger.commit([{ kind: 'begin', deliveryId: 1, token: '', messageId: '' }], now)).rejects.toThrow(
      'The ledger’s thread died: ',
    );
    await ledger.close();
    await database.destroy();
  });
});
