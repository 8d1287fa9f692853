import { CompiledQuery, sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryFilter, DeliveryRecords, DeliveryState } from '../../src/delivery/index.ts';
import { createDeliveryRecords } from '../../src/storage/index.ts';
import { addKeyedReaders, bringBack, openBounceRoom, sendWeekly } from '../support/bounce-room.ts';
import { addReaders, freezeWeekly, type MailRoom, manyReaders, openMailRoom } from '../support/mailing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = '2026-11-27T03:00:00.000Z';

interface Filed extends MailRoom {
  readonly records: DeliveryRecords;
  readonly id: string;
}

async function freeze(readers: Parameters<typeof addReaders>[1]): Promise<Filed> {
  const folder = await temporaryFolder();
  const room = await openMailRoom(folder.path);
  onTestFinished(() => room.close());
  await addReaders(room, readers);
  const { id } = await freezeWeekly(room, { now });
  return { ...room, records: createDeliveryRecords(room.database), id };
}

/** What became of those whose address begins so. */
async function become(
  { database }: Filed,
  address: string,
  set: { state: DeliveryState; reason?: string },
): Promise<void> {
  await database.updateTable('delivery').set(set).where('address', 'like', `${address}%`).execute();
}

async function addressesOf({ records, id }: Filed, filter: DeliveryFilter): Promise<(string | null)[]> {
  const { deliveries } = await records.listPage(id, filter, 0, 50);
  return deliveries.map(({ address }) => address);
}

/** As many readers and deliveries as that, each in one statement. */
async function addDeliveries({ database, id }: Filed, count: number): Promise<void> {
  const numbers = sql`with recursive number (n) as (select 1 union all select n + 1 from number where n < ${count})`;
  await sql`${numbers} insert into subscriber (id, email, address_key, lang, languages, choice, state, sample, created_at)
    select n, 'reader' || n || '@example.com', 'key' || n, 'en', '["en"]', '{}', 'active', 0, ${now} from number`.execute(
    database,
  );
  await sql`${numbers}
    insert into delivery (edition_id, subscriber_id, address, address_key, lang, lane, variant, state, updated_at)
    select ${id}, n, 'reader' || n || '@example.com', 'key' || n, 'en', '', 0, 'queued', ${now} from number`.execute(
    database,
  );
}

describe('listPage', () => {
  it('narrows by state, reason, outcome, language, domain and the beginning of an address, all at once', async () => {
    const filed = await freeze([
      { email: 'Ann@example.com' },
      { email: 'anna@example.org', lang: 'fa' },
      { email: 'bob@example.com' },
      { email: 'cy@example.com', lang: 'fa' },
    ]);
    await become(filed, 'ann', { state: 'failed', reason: 'rejected' });
    await become(filed, 'bob', { state: 'cancelled', reason: 'reader_left' });
    await filed.database.updateTable('delivery').set({ outcome: 'bounced' }).where('address', 'like', 'cy%').execute();
    expect(await addressesOf(filed, {})).toHaveLength(4);
    expect(await addressesOf(filed, { states: ['failed'] })).toEqual(['Ann@example.com', 'anna@example.org']);
    expect(await addressesOf(filed, { states: ['queued', 'cancelled'] })).toEqual([
      'bob@example.com',
      'cy@example.com',
    ]);
    expect(await addressesOf(filed, { reason: 'reader_left' })).toEqual(['bob@example.com']);
    expect(await addressesOf(filed, { reason: 'reader_left', states: ['failed'] })).toEqual([]);
    expect(await addressesOf(filed, { outcome: 'bounced' })).toEqual(['cy@example.com']);
    expect(await addressesOf(filed, { outcome: 'accepted' })).toEqual([]);
    expect(await addressesOf(filed, { lang: 'fa' })).toEqual(['anna@example.org', 'cy@example.com']);
    expect(await addressesOf(filed, { domain: 'example.org' })).toEqual(['anna@example.org']);
    expect(await addressesOf(filed, { address: 'AN' })).toEqual(['Ann@example.com', 'anna@example.org']);
    expect(await addressesOf(filed, { address: 'an', lang: 'fa', states: ['failed'], reason: 'rejected' })).toEqual([
      'anna@example.org',
    ]);
    expect(await addressesOf(filed, { address: '%' })).toEqual([]);
  });

  it('pages through 20,000 by key without missing or repeating one, and ends where it may look no further', async () => {
    const filed = await freeze([]);
    await addDeliveries(filed, 20_050);
    const readers = filed.id;
    await filed.database
      .updateTable('delivery')
      .set({ lang: 'fa' })
      .where('address', '=', 'reader20040@example.com')
      .execute();
    const seen = new Set<number>();
    for (let after: number | null = 0; after !== null; ) {
      const page = await filed.records.listPage(readers, { address: 'reader1' }, after, 1000);
      for (const { id } of page.deliveries) seen.add(id);
      after = page.next;
    }
    expect(seen.size).toBe(11_111);
    const cutShort: boolean[] = [];
    let found = 0;
    for (let after: number | null = 0; after !== null; ) {
      const page = await filed.records.listPage(readers, { lang: 'fa' }, after, 50);
      cutShort.push(page.isCutShort);
      found += page.deliveries.length;
      after = page.next;
    }
    expect([found, cutShort]).toEqual([1, [true, true, false]]);
  });

  it('finds what is rare, and addresses, by an index', async () => {
    const filed = await freeze(manyReaders(3));
    const plans: string[] = [];
    for (const filter of [
      { states: ['excluded'] },
      { states: ['deferred'] },
      { states: ['cancelled'] },
      { states: ['in_doubt'] },
      { reason: 'reader_left' },
      { outcome: 'bounced' },
      { address: 'reader1' },
      { lang: 'fa' },
    ] satisfies DeliveryFilter[]) {
      plans.push(await planOf(filed, filter));
    }
    expect(plans.map((plan) => /INDEX (\w+)/.exec(plan)?.[1])).toEqual([
      'delivery_rest',
      'delivery_rest',
      'delivery_rest',
      'delivery_rest',
      'delivery_reason',
      'delivery_returned',
      'subscriber_address',
      'delivery_edition',
    ]);
    for (const plan of plans) expect(plan).not.toContain('TEMP B-TREE');
  });
});

/** How SQLite goes about the page that a filter asks for. */
async function planOf({ database, id }: Filed, filter: DeliveryFilter): Promise<string> {
  const asked: { sql: string; parameters: readonly unknown[] }[] = [];
  const watched = database.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => result,
  });
  const compile = watched.getExecutor().compileQuery.bind(watched.getExecutor());
  watched.getExecutor().compileQuery = (node, queryId) => {
    const query = compile(node, queryId);
    asked.push(query);
    return query;
  };
  await createDeliveryRecords(watched).listPage(id, filter, 0, 50);
  let plan = '';
  for (const query of asked) {
    const { rows } = await database.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]),
    );
    for (const { detail } of rows) plan += `${detail}\n`;
  }
  return plan;
}

describe('what is known of one delivery', () => {
  it('tells the bounce, the report in its own words, and the letters of its reader', async () => {
    const room = await openBounceRoom();
    const records = createDeliveryRecords(room.database);
    const [readerId = 0] = await addKeyedReaders(room, ['ana@example.com']);
    const [delivery] = await sendWeekly(room);
    if (!delivery) throw new Error('nothing was sent');
    expect(await records.findBounce(delivery.id)).toBeNull();
    expect(await records.listArrivals(delivery.id)).toEqual([]);
    await bringBack(room, 'postfix-unknown-user', delivery);
    await bringBack(room, 'postfix-unknown-user', delivery);
    expect(await records.findBounce(delivery.id)).toMatchObject({ class: 'address_gone', status: '5.1.1' });
    const [arrival, ...others] = await records.listArrivals(delivery.id);
    expect(others).toHaveLength(0);
    expect(arrival).toMatchObject({
      kind: 'bounce',
      note: expect.stringContaining(`Delivery ${delivery.id} came back`),
    });
    expect(arrival?.said).toContain('Final-Recipient');
    expect(await records.findDelivery(delivery.editionId, delivery.id)).toMatchObject({ outcome: 'bounced' });
    expect(await records.findDelivery('another', delivery.id)).toBeNull();
    await sql`insert into letter (kind, subscriber_id, address_key, lang, payload, state, not_before, created_at)
      values ('welcome', ${readerId}, 'key', 'en', '{}', 'sent', ${now}, ${now})`.execute(room.database);
    expect(await records.listLetters(readerId)).toMatchObject([{ kind: 'welcome', state: 'sent', reply: null }]);
  });

  it('counts what came back once for each delivery, by the worst that is known of it', async () => {
    const room = await openBounceRoom();
    const records = createDeliveryRecords(room.database);
    await addKeyedReaders(room, ['ana@example.com', 'bea@example.com']);
    const [ana, bea] = await sendWeekly(room);
    if (!ana || !bea) throw new Error('nothing was sent');
    expect(await records.getReturns(ana.editionId)).toEqual({ bounced: 0, complained: 0 });
    await bringBack(room, 'postfix-unknown-user', ana);
    await bringBack(room, 'exim-text', ana);
    await bringBack(room, 'postfix-unknown-user', bea);
    expect(await records.getReturns(ana.editionId)).toEqual({ bounced: 2, complained: 0 });
    await bringBack(room, 'arf-abuse', bea);
    expect(await records.getReturns(ana.editionId)).toEqual({ bounced: 1, complained: 1 });
    expect(await room.editions.getCounts(ana.editionId)).toMatchObject({ candidates: 2, sent: 2 });
  });
});

describe('listMissing', () => {
  it('counts, by state and reason, exactly those whom a retry would send to', async () => {
    const filed = await freeze([
      ...['refused@example.com', 'late@example.com', 'later@example.com', 'gone@example.com', 'left@example.com'].map(
        (email) => ({ email }),
      ),
    ]);
    await become(filed, 'refused', { state: 'failed', reason: 'rejected' });
    await become(filed, 'late', { state: 'failed', reason: 'expired' });
    await become(filed, 'gone', { state: 'cancelled', reason: 'edition_cancelled' });
    await become(filed, 'left', { state: 'cancelled', reason: 'reader_left' });
    await filed.database.updateTable('subscription').set({ state: 'left' }).where('subscriber_id', '=', 5).execute();
    await filed.database.updateTable('edition').set({ state: 'sent' }).where('id', '=', filed.id).execute();
    expect(await filed.records.listMissing(filed.id)).toEqual([
      { state: 'failed', reason: 'expired', readers: 2 },
      { state: 'failed', reason: 'rejected', readers: 1 },
      { state: 'cancelled', reason: 'edition_cancelled', readers: 1 },
    ]);
    expect(await filed.ledger.retryMissing(filed.id, '2026-12-01T00:00:00.000Z', now)).toBe(4);
  });
});
