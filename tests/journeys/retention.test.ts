import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { plusMs } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { silentLog } from '../../src/log.ts';
import { createRetention } from '../../src/schedule/retention.ts';
import { createRetentionStore } from '../../src/storage/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { addReaders, freezeWeekly, manyReaders, openMailRoom } from '../support/mailing.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { newReader, openReaderStore } from '../support/reader-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('retention', () => {
  it('removes old deliveries and files, keeps the sums, the page and what is not over', async () => {
    const dir = await smallPublication();
    const text =
      '---\ntitle: A bridge\nsummary: What happened.\ndate: 2026-11-26\ncountries: [georgia]\n---\n\nText.\n';
    await writeFile(join(dir, 'content', 'bridge.md'), text);
    const clock = fixedClock('2026-11-26T12:00:00.000Z');
    const app = await openApp(readConfig({ dir, environment: {} }), { clock });
    onTestFinished(() => app.close());
    await app.rebuild();
    const reader = {
      name: null,
      languages: ['en'],
      countries: [],
      topics: [],
      timezone: null,
      newsletters: ['weekly'],
    };
    const consent = { source: 'operator', consent: 'test', sample: false } as const;
    await app.subscribers.addSubscribers([{ ...reader, ...consent, email: 'ann@example.com' }], clock.now());
    await app.desk.runDue();
    clock.set('2026-11-27T03:00:00.000Z');
    await app.desk.runDue();
    await app.postRoom.sendUntilIdle(null, () => {});
    const id = 'weekly-2026-11-27T0300Z';
    const counts = await app.editions.getCounts(id);
    expect(counts).toMatchObject({ candidates: 1, sent: 1 });
    const folder = join(dir, 'var', 'outbox', id);
    for (const name of await readdir(folder)) {
      await utimes(join(folder, name), new Date(clock.now()), new Date(clock.now()));
    }

    clock.set('2027-02-01T00:00:00.000Z');
    await app.postRoom.prune(true);
    expect(await readdir(folder)).toHaveLength(2);
    clock.set('2027-03-01T00:00:00.000Z');
    await app.postRoom.prune(true);
    expect(await readdir(join(dir, 'var', 'outbox'))).toEqual([]);
    const addresses = async () => {
      const found = [];
      for await (const { address } of app.ledger.listDeliveries(id)) found.push(address);
      return found;
    };
    expect(await addresses()).toEqual(['ann@example.com']);

    clock.set('2028-01-10T00:00:00.000Z');
    await app.postRoom.prune(true);
    expect(await addresses()).toEqual([]);
    expect(await app.editions.getCounts(id)).toEqual(counts);
    expect(await app.editions.listPieces(id)).toHaveLength(2);
    expect(await app.subscribers.countSubscribers()).toBe(1);
    // Nobody knows any more who got it: nobody gets it twice.
    await expect(app.ledger.retryMissing(id, '2028-02-01T00:00:00.000Z', clock.now())).rejects.toThrow(
      /no longer kept/,
    );
  });

  it('leaves an edition alone that waits, however old it is', async () => {
    const dir = await smallPublication();
    const clock = fixedClock('2026-11-26T12:00:00.000Z');
    const app = await openApp(readConfig({ dir, environment: {} }), { clock });
    onTestFinished(() => app.close());
    await app.desk.runDue();
    clock.set('2026-11-27T12:00:00.000Z');
    await app.desk.runDue();
    const folder = join(dir, 'var', 'outbox', 'weekly-2026-11-27T0300Z');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '1-ann.eml'), 'a message');
    await utimes(join(folder, '1-ann.eml'), 0, 0);
    clock.set('2030-01-01T00:00:00.000Z');
    await app.postRoom.prune(true);
    expect(await readdir(folder)).toEqual(['1-ann.eml']);
    expect(await app.editions.findEdition('weekly-2026-11-27T0300Z')).toMatchObject({ state: 'held' });
  });
});

describe('retention of readers', () => {
  it('forgets who never confirms, but not who asked again, nor who did', async () => {
    const { store, database } = await openReaderStore();
    const retention = createRetentionStore(database);
    const [asked, again, later] = ['2026-11-01T08:00:00.000Z', '2026-11-20T08:00:00.000Z', '2026-12-05T08:00:00.000Z'];
    const readers = ['old@example.com', 'again@example.com', 'active@example.com'];
    await store.addSubscribers(
      readers.map((email) => newReader(email)),
      asked,
    );
    const ids = new Map<string, number>();
    for (const email of readers) ids.set(email, (await store.findByEmail(email))?.subscriber.id ?? 0);
    await database
      .updateTable('subscriber')
      .set({ state: 'pending' })
      .where('email', '!=', 'active@example.com')
      .execute();
    await database
      .insertInto('consent')
      .values({
        subscriber_id: ids.get('again@example.com') ?? 0,
        what: 'asked',
        newsletters: '[]',
        lists: '{}',
        wording: 'Yes, please.',
        lang: 'en',
        version: '1',
        how: 'form',
        at: again,
      })
      .execute();
    for (const [email, id] of ids) {
      await sql`insert into letter (kind, subscriber_id, address, address_key, lang, payload, state, not_before, created_at, settled_at)
        values ('confirm', ${id}, ${email}, ${email}, 'en', '{}', 'sent', ${asked}, ${asked}, ${again})`.execute(
        database,
      );
    }
    const limits = { deliveries: asked, raw: asked, letters: asked };
    const pending = plusMs(later, -30 * 24 * 3_600_000);
    expect(await retention.prune({ ...limits, pending })).toMatchObject({ pending: 1, letters: 0 });
    expect(await store.findByEmail('old@example.com')).toBeNull();
    expect(await store.countSubscribers()).toBe(2);
    expect(await database.selectFrom('subscription').select('subscriber_id').execute()).toHaveLength(2);
    expect(await retention.prune({ ...limits, pending: later })).toMatchObject({ pending: 1 });
    expect(await store.countSubscribers()).toBe(1);
    const kept = await database.selectFrom('letter').select(['address', 'subscriber_id']).execute();
    expect(kept.filter(({ address }) => address !== null)).toHaveLength(1);
    expect(await retention.prune({ ...limits, letters: later, pending })).toMatchObject({ pending: 0, letters: 3 });
  });
});

describe('isSending', () => {
  it('holds while mails go out, and not for those that relays put off for days', async () => {
    const folder = await temporaryFolder();
    const room = await openMailRoom(folder.path);
    onTestFinished(() => room.close());
    const { isSending } = createRetentionStore(room.database);
    expect(await isSending()).toBe(false);
    await addReaders(room, manyReaders(1));
    const now = '2026-11-27T03:00:00.000Z';
    await freezeWeekly(room, { now });
    expect(await isSending()).toBe(true);
    const request = { worker: 'worker', transport: 'outbox', limit: 1, now, leaseUntil: plusMs(now, 1000) };
    const [claimed] = await room.ledger.claim({ ...request, editionId: null });
    if (!claimed) throw new Error('Nothing is due.');
    expect(await isSending()).toBe(true);
    const { deliveryId, token } = claimed;
    const answer = { reply: '452 Full', phase: 'rcpt', class: null } as const;
    await room.ledger.commit([{ kind: 'deferred', deliveryId, token, notBefore: plusMs(now, 1), ...answer }], now);
    expect(await isSending()).toBe(false);
  });
});

describe('createRetention', () => {
  it('takes erased readers out of the file once a day, at night, but not while mails go out, and tries again by the hour', async () => {
    const clock = fixedClock('2026-11-26T22:00:00.000Z');
    const done: string[] = [];
    let sending = true;
    const prune = createRetention({
      store: {
        prune: async () => ({ editions: 0, deliveries: 0, arrivals: 0, letters: 0, pending: 0 }),
        listOpenIds: async () => [],
        isSending: async () => sending,
      },
      pruneOutbox: async () => 0,
      async scrub() {
        const tries = done.push(clock.now());
        if (tries === 2) throw new Error('database or disk is full');
        return tries > 2; // somebody is in the way the first time
      },
      deliveriesMs: 1,
      outboxMs: 1,
      pendingMs: 1,
      timezone: 'Asia/Tbilisi',
      clock,
      log: silentLog,
    });
    await prune(false);
    expect(done).toEqual([]);
    sending = false;
    await prune(false);
    const tries = ['2026-11-26T22:00:00.000Z', '2026-11-26T23:00:00.000Z', '2026-11-27T00:00:00.000Z'];
    for (const minute of [...tries, '2026-11-26T22:59:00.000Z', '2026-11-27T00:59:00.000Z'].toSorted()) {
      clock.set(minute);
      await prune(false);
    }
    expect(done).toEqual(tries);
    for (const day of ['2026-11-27T21:59:00.000Z', '2026-11-28T01:00:00.000Z']) {
      clock.set(day);
      await prune(false);
    }
    expect(done).toHaveLength(3);
    await prune(true);
    expect(done).toHaveLength(4);
    clock.set('2026-11-29T01:00:00.000Z');
    await prune(false);
    expect(done).toHaveLength(4);
    clock.set('2026-11-29T22:00:00.000Z');
    await prune(false);
    expect(done).toHaveLength(5);
  });
});
