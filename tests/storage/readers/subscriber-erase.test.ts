import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config/index.ts';
import { createMailTokens } from '../../../src/delivery/index.ts';
import { createArrivalStore, createDeliveryLedger, openDatabase } from '../../../src/storage/index.ts';
import { eraseSubscriber } from '../../../src/storage/readers/subscriber-erase.ts';
import { addressKey, deliveryKey } from '../../../src/subscribers/index.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { newReader, openReaderStore } from '../../support/reader-store.ts';

const now = '2026-11-27T08:00:00.000Z';
const canary = 'canary.q7x@reader.example';

/** Which files under a folder hold one of the texts, in their bytes or their name. */
async function filesWith(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    const bytes = (await stat(path)).isFile() ? await readFile(path) : Buffer.alloc(0);
    if (texts.some((text) => bytes.includes(text) || name.includes(text))) found.push(name);
  }
  return found;
}

/** A publication whose canary got one edition, is due to get another, complained of it in every place, and has a namesake. */
async function openNewsroom() {
  const dir = await smallPublication();
  const text = (title: string, date: string): string =>
    `---\ntitle: ${title}\nsummary: What happened.\ndate: ${date}\ncountries: [georgia]\n---\n\nText.\n`;
  await writeFile(join(dir, 'content', 'bridge.md'), text('A bridge', '2026-11-26'));
  const clock = fixedClock('2026-11-26T12:00:00.000Z');
  const lines: string[] = [];
  const note = (event: string, fields?: unknown): void => void lines.push(JSON.stringify([event, fields]));
  const log = { info: note, warn: note, error: note };
  const app = await openApp(readConfig({ dir, environment: {} }), { clock, log });
  onTestFinished(() => app.close());
  await app.rebuild();
  await app.subscribers.addSubscribers(
    [newReader(canary, { name: 'Canary Q7X' }), newReader('namesake@example.com')],
    clock.now(),
  );
  await app.desk.runDue();
  clock.set('2026-11-27T03:00:00.000Z');
  await app.desk.runDue();
  await app.postRoom.sendUntilIdle(null, () => {});
  const database = await openDatabase(app.config.paths.database);
  onTestFinished(() => database.destroy());
  const id = (await app.subscribers.findByEmail(canary))?.subscriber.id ?? 0;
  return { app, database, clock, id, dir, lines };
}

describe('erasing a reader', () => {
  it('leaves the address in no file, and every sum as it was', async () => {
    const { app, database, clock, id, lines } = await openNewsroom();
    const { data: folder, database: file } = app.config.paths;
    const key = addressKey(app.keys, canary);
    const edition = 'weekly-2026-11-27T0300Z';
    const delivery = await database
      .selectFrom('delivery')
      .selectAll()
      .where('subscriber_id', '=', id)
      .executeTakeFirstOrThrow();
    await database
      .updateTable('delivery')
      .set({ reply: `250 OK for <${canary}>` })
      .where('id', '=', delivery.id)
      .execute();
    await database
      .insertInto('bounce')
      .values({
        delivery_id: delivery.id,
        address_key: key,
        class: 'soft',
        status: '4.2.2',
        said: `<${canary}>: box full`,
        sent_at: now,
        at: now,
        counts: 1,
      })
      .execute();
    const arrivals = createArrivalStore(database, app.keys, createMailTokens(deliveryKey(app.keys)));
    const raw = `To: ${canary}\r\n\r\nBox full.\r\n`;
    await arrivals.add({ source: 'mail', key: 'a', raw: Buffer.from(raw) }, now);
    await arrivals.add({ source: 'mail', key: 'b', raw: Buffer.from('To: namesake@example.com\r\n\r\n') }, now);
    await sql`insert into letter (kind, subscriber_id, address, address_key, lang, payload, state, not_before, created_at)
      values ('welcome', ${id}, ${canary}, ${key}, 'en', '{}', 'queued', ${now}, ${now})`.execute(database);
    await sql`insert into sign_up (address_key, email, wishes, wording, lang, version, how, at, ip)
      values (${key}, ${canary}, '{}', 'w', 'en', '1', 'form', ${now}, '192.0.2.1')`.execute(database);
    await sql`insert into notice (kind, edition_id, about, sentence, what_to_do, at)
      values ('failed', null, 'reader.example', ${`reader.example refuses mail, “no ${canary}”.`}, 'Wait.', ${now})`.execute(
      database,
    );
    await sql`insert into throttle (relay, domain, said) values ('r', 'reader.example', ${`550 no ${canary}`})`.execute(
      database,
    );
    await sql`insert into relay_trouble (relay, since, at, said) values ('r', ${now}, ${now}, ${canary})`.execute(
      database,
    );
    await sql`insert into address_change (subscriber_id, email, at) values (${id}, 'q7x.next@reader.example', ${now})`.execute(
      database,
    );
    const counts = await app.editions.getCounts(edition);
    const consents = await database.selectFrom('consent').selectAll().execute();
    expect(await filesWith(folder, [canary, key, 'Canary Q7X'])).not.toEqual([]);

    const erased = await app.eraseReader(id, { keepOut: false });
    expect(erased).toEqual({ cancelled: 0, mails: 1 });
    expect(await app.subscribers.scrub()).toBe(true);

    expect(await filesWith(folder, [canary, encodeURIComponent(canary), key, 'Canary Q7X', 'q7x.next'])).toEqual([]);
    expect(lines.join('\n')).not.toContain(canary);
    expect((await stat(`${file}-wal`)).size).toBeLessThan(50_000);
    expect(await app.editions.getCounts(edition)).toEqual(counts);
    expect(await database.selectFrom('consent').selectAll().execute()).toEqual(consents);
    expect(await app.subscribers.findById(id)).toMatchObject({
      subscriber: { email: null, name: null, state: 'erased' },
      subscriptions: [],
    });
    expect(await app.subscribers.findByEmail(canary)).toBeNull();
    expect(await app.subscribers.isSuppressed(canary)).toBe(false);
    const kept = await database
      .selectFrom('delivery')
      .selectAll()
      .where('id', '=', delivery.id)
      .executeTakeFirstOrThrow();
    expect(kept).toMatchObject({ state: 'sent', address: null, reply: null, edition_id: edition });
    expect(kept.address_key).toMatch(/^[0-9a-f]{64}$/);
    expect(kept.address_key).not.toBe(key);
    expect(await database.selectFrom('arrival').select(['key', 'state']).orderBy('id').execute()).toEqual([
      { key: 'a', state: 'ignored' },
      { key: 'b', state: 'new' },
    ]);
    // Others have all that they had.
    expect(await filesWith(folder, ['namesake@example.com'])).toContain('silkpost.db');
    expect(await app.eraseReader(id, { keepOut: true })).toBeNull();
    clock.set('2026-11-28T08:00:00.000Z');
    expect(await app.subscribers.addSubscribers([newReader(canary)], clock.now())).toEqual(['added']);
  });

  it('cancels what was still to go, and leaves what is under way to its fate', async () => {
    const { app, database, id } = await openNewsroom();
    const edition = 'weekly-2026-11-27T0300Z';
    const states = ['queued', 'claimed', 'attempting', 'in_doubt', 'failed'];
    for (const state of states) {
      const worker = state === 'claimed' || state === 'attempting' ? 'w' : null;
      const to = { state, lease_token: 't', worker };
      await database.updateTable('delivery').set(to).where('subscriber_id', '=', id).execute();
      await database.updateTable('subscriber').set({ email: canary, state: 'active' }).where('id', '=', id).execute();
      const isOpen = state === 'queued' || state === 'claimed';
      expect(await app.eraseReader(id, { keepOut: false })).toMatchObject({ cancelled: isOpen ? 1 : 0 });
      const row = await database
        .selectFrom('delivery')
        .select(['state', 'reason', 'lease_token', 'address'])
        .where('subscriber_id', '=', id)
        .executeTakeFirstOrThrow();
      expect(row).toEqual(
        isOpen
          ? { state: 'cancelled', reason: 'erased', lease_token: null, address: null }
          : expect.objectContaining({ state, lease_token: 't', address: null }),
      );
      const counts = await app.editions.getCounts(edition);
      expect(counts).toMatchObject({ candidates: 2, sent: 1, [isOpen ? 'cancelled' : state]: 1 });
    }
  });

  it.each(['attempting', 'in_doubt'])(
    'keeps nothing of what a relay says afterwards of a mail that is %s',
    async (state) => {
      const { database, clock, id } = await openNewsroom();
      await database.updateTable('delivery').set({ state, lease_token: 't' }).where('subscriber_id', '=', id).execute();
      const { id: deliveryId } = await database
        .selectFrom('delivery')
        .select('id')
        .where('subscriber_id', '=', id)
        .executeTakeFirstOrThrow();
      await eraseSubscriber(database, id, { keepOut: false }, clock.now());
      const said = { phase: 'rcpt', class: 'address_gone', reply: `550 5.1.1 <${canary}> is unknown` } as const;
      const failed = { kind: 'failed', deliveryId, token: 't', reason: 'rejected', ...said } as const;
      expect(await createDeliveryLedger(database).commit([failed], clock.now())).toEqual([true]);
      const row = await database.selectFrom('delivery').selectAll().where('id', '=', deliveryId).executeTakeFirst();
      expect(row).toMatchObject({ state: 'failed', reply_class: 'address_gone', reply: null });
      expect(await database.selectFrom('bounce').selectAll().execute()).toEqual([]);
    },
  );

  it('keeps the hash of an address that was suppressed, or whose reader asks for it, and of no other', async () => {
    const { store, database, keys } = await openReaderStore();
    const readers = ['out@example.com', 'wish@example.com', 'free@example.com'];
    await store.addSubscribers(
      readers.map((email) => newReader(email)),
      now,
    );
    await store.suppress('out@example.com', 'complaint', now);
    for (const email of readers) {
      const id = (await store.findByEmail(email))?.subscriber.id ?? 0;
      await store.erase(id, { keepOut: email.startsWith('wish') }, now);
    }
    const rows = await database.selectFrom('suppression').select(['address_key', 'reason']).orderBy('reason').execute();
    expect(rows).toEqual([
      { address_key: addressKey(keys, 'out@example.com'), reason: 'complaint' },
      { address_key: addressKey(keys, 'wish@example.com'), reason: 'erased' },
    ]);
    expect(await store.countSubscribers()).toBe(0);
  });

  it('forgets addresses that the reader had before', async () => {
    const { app, database, id } = await openNewsroom();
    await database.updateTable('subscriber').set({ email: 'new.q7x@reader.example' }).where('id', '=', id).execute();
    await app.eraseReader(id, { keepOut: false });
    await app.subscribers.scrub();
    expect(await filesWith(app.config.paths.data, [canary, 'new.q7x@reader.example'])).toEqual([]);
  });

  it('is told that the file must be written anew where somebody is in the way', async () => {
    const { store, database, folder } = await openReaderStore();
    await store.addSubscribers([newReader(canary)], now);
    await store.erase((await store.findByEmail(canary))?.subscriber.id ?? 0, { keepOut: false }, now);
    const other = await openDatabase(join(folder, 'silkpost.db'));
    await sql`begin immediate`.execute(other);
    expect(await store.scrub()).toBe(false);
    await sql`rollback`.execute(other);
    await other.destroy();
    expect(await store.scrub()).toBe(true);
    expect(await filesWith(folder, [canary])).toEqual([]);
    expect(await database.selectFrom('subscriber').select('remnants').execute()).toEqual([{ remnants: 0 }]);
  });
});
