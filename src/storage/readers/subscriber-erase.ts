import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { Erasure } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { suppress } from '../delivery/bounce-record.ts';
import { mentionsAddress } from './address-mentions.ts';

/** Raw messages looked at in one go. */
const pageSize = 50;

/** See `SubscriberStore.erase`. */
export async function eraseSubscriber(
  database: Database,
  id: number,
  { keepOut }: { readonly keepOut: boolean },
  now: Instant,
): Promise<Erasure | null> {
  const addresses = await findAddresses(database, id);
  if (addresses === null) return null;
  // Before the transaction: there may be many, and others want to write.
  const arrivals = await findArrivals(database, addresses);
  return database.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('subscriber')
      .select(['email', 'address_key'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row || row.email === null) return null;
    if (keepOut) await suppress(tx, row.address_key, 'erased', now);
    await forgetReader(tx, id, row.address_key);
    const cancelled = await forgetDeliveries(tx, id, now);
    await forgetWords(tx, arrivals, addresses, now);
    return { addresses, cancelled };
  });
}

/** Those that the reader has and had; null where there is nobody to erase. */
async function findAddresses(database: Database, id: number): Promise<string[] | null> {
  const row = await database.selectFrom('subscriber').select('email').where('id', '=', id).executeTakeFirst();
  if (!row || row.email === null) return null;
  const { rows } = await sql<{ address: string }>`
    select distinct address from delivery where subscriber_id = ${id} and address is not null
    union select address from letter where subscriber_id = ${id} and address is not null
    union select email from address_change where subscriber_id = ${id}`.execute(database);
  return [...new Set([row.email, ...rows.map(({ address }) => address)])];
}

async function findArrivals(database: Database, addresses: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  let after = 0;
  for (;;) {
    const rows = await database
      .selectFrom('arrival')
      .select(['id', 'raw'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute();
    found.push(...rows.filter(({ raw }) => mentionsAddress(raw, addresses)).map(({ id }) => id));
    const last = rows.at(-1);
    if (rows.length < pageSize || last === undefined) return found;
    after = last.id;
    await nextTurn();
  }
}

/** The row stays, so that consents and sums have something to belong to. */
async function forgetReader(tx: Transaction<Schema>, id: number, addressKey: string): Promise<void> {
  await sql`
    update subscriber set email = null, name = null, name_key = null, address_key = ${randomKey}, timezone = null, state = 'erased', remnants = 1
    where id = ${id}`.execute(tx);
  await tx.deleteFrom('subscription').where('subscriber_id', '=', id).execute();
  await tx.deleteFrom('address_change').where('subscriber_id', '=', id).execute();
  await tx.updateTable('consent').set({ ip: null }).where('subscriber_id', '=', id).execute();
  await sql`delete from letter where subscriber_id = ${id} or address_key = ${addressKey}`.execute(tx);
  await sql`delete from sign_up where address_key = ${addressKey}`.execute(tx);
}

/** Returns how many mails were still to go. What is under way stays as it is: its fate will be known. */
async function forgetDeliveries(tx: Transaction<Schema>, id: number, now: Instant): Promise<number> {
  await sql`
    update bounce set address_key = ${randomKey}, said = '', counts = 0
    where delivery_id in (select id from delivery where subscriber_id = ${id})`.execute(tx);
  const { numUpdatedRows } = await tx
    .updateTable('delivery')
    .set({
      state: 'cancelled',
      reason: 'erased',
      not_before: null,
      lease_token: null,
      lease_until: null,
      worker: null,
      updated_at: now,
    })
    .where('subscriber_id', '=', id)
    .where('state', 'in', ['queued', 'claimed', 'deferred'])
    .executeTakeFirstOrThrow();
  await sql`
    update delivery set address = null, address_key = ${randomKey}, reply = null where subscriber_id = ${id}`.execute(
    tx,
  );
  return Number(numUpdatedRows);
}

/** What others wrote, where the address stands in it. */
async function forgetWords(
  tx: Kysely<Schema>,
  arrivals: readonly number[],
  addresses: readonly string[],
  now: Instant,
): Promise<void> {
  await sql`
    update arrival set raw = x'', state = case when state in ('new', 'quarantined') then 'ignored' else state end,
      note = 'Its reader has been erased.', handled_at = coalesce(handled_at, ${now})
    where id in (select value from json_each(${JSON.stringify(arrivals)}))`.execute(tx);
  for (const address of addresses) {
    const needle = address.toLowerCase();
    await sql`delete from notice where instr(lower(sentence || ' ' || what_to_do || ' ' || about), ${needle}) > 0`.execute(
      tx,
    );
    await sql`delete from import_refusal where instr(lower(email), ${needle}) > 0`.execute(tx);
    await sql`update import_job set preview = '' where instr(lower(preview), ${needle}) > 0`.execute(tx);
    await sql`update throttle set said = '' where instr(lower(said), ${needle}) > 0`.execute(tx);
    await sql`update relay_trouble set said = '' where instr(lower(said), ${needle}) > 0`.execute(tx);
  }
}

/** Evaluated anew for each row. */
const randomKey = sql<string>`lower(hex(randomblob(32)))`;
