import { sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import {
  addressKey,
  type ExportedReader,
  type Keys,
  type SubscriberFilter,
  type SubscriberState,
  type SubscriberStore,
  type SubscriberWithSubscriptions,
} from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import { scrub } from '../database/scrub.ts';
import { suppress } from '../delivery/bounce-record.ts';
import { countReading, createReaderCounts } from './reader-counts.ts';
import { addSubscribers } from './subscriber-add.ts';
import { eraseSubscriber } from './subscriber-erase.ts';
import { leaveNewsletters } from './subscriber-leave.ts';
import { consentOf, type SubscriberRow } from './subscriber-row.ts';
import { forgetBounces, liftSuppression, listSuppressions } from './suppressions.ts';
import { withSubscriptions } from './with-subscriptions.ts';

const pageSize = 500;

/** Readers, their subscriptions, their consents, and the addresses that get no mail. */
export function createSubscriberStore(database: Database, keys: Keys): SubscriberStore {
  const findWhere = async (column: 'id' | 'address_key', value: number | string) => {
    const row = await database.selectFrom('subscriber').selectAll().where(column, '=', value).executeTakeFirst();
    if (!row) return null;
    const [found] = await withSubscriptions(database, [row]);
    return found ?? null;
  };

  const counts = createReaderCounts(database);

  return {
    addSubscribers: (subscribers, now) =>
      database.transaction().execute((tx) => addSubscribers(tx, keys, subscribers, now)),
    async expectMany() {
      // Addresses come in no order, and each touches other pages: kept in memory, and copied from the log less often.
      await sql`pragma cache_size = -65536`.execute(database);
      await sql`pragma wal_autocheckpoint = 16000`.execute(database);
    },
    findByEmail: (email) => findWhere('address_key', addressKey(keys, email)),
    findById: (id) => findWhere('id', id),
    listSubscribers: (filter = {}) => listSubscribers(database, filter),
    exportSubscribers: (filter = {}) => exportSubscribers(database, filter),

    async listConsents(subscriberId) {
      const rows = await database
        .selectFrom('consent')
        .selectAll()
        .where('subscriber_id', '=', subscriberId)
        .orderBy('at')
        .orderBy('id')
        .execute();
      return rows.map(consentOf);
    },

    async countSubscribers() {
      const { pending, active, suspended } = await counts.countSubscribers();
      return pending + active + suspended;
    },
    countReaders: (newsletter, now) => countReading(database, newsletter, now),

    async leave(subscriberId, newsletter, source, now) {
      const left = await database
        .transaction()
        .execute((tx) => leaveNewsletters(tx, subscriberId, [newsletter], source, now));
      return left.length > 0;
    },

    async leaveAll(subscriberId, source, now) {
      await database.transaction().execute((tx) => leaveNewsletters(tx, subscriberId, null, source, now));
    },

    erase: (subscriberId, options, now) => eraseSubscriber(database, subscriberId, options, now),
    scrub: () => scrub(database),

    async removeSamples() {
      const { numDeletedRows } = await database
        .deleteFrom('subscriber')
        .where('sample', '=', 1)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },

    liftSuspension: (id) =>
      database.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('subscriber')
          .set({ state: 'active' satisfies SubscriberState })
          .where('id', '=', id)
          .where('state', '=', 'suspended' satisfies SubscriberState)
          .returning('address_key')
          .executeTakeFirst();
        if (row) await forgetBounces(tx, row.address_key);
        return row !== undefined;
      }),

    async isSuppressed(email) {
      const row = await database
        .selectFrom('suppression')
        .select('reason')
        .where('address_key', '=', addressKey(keys, email))
        .executeTakeFirst();
      return row !== undefined;
    },

    async suppress(email, reason, now) {
      await suppress(database, addressKey(keys, email), reason, now);
    },

    liftSuppression: (email) => database.transaction().execute((tx) => liftSuppression(tx, addressKey(keys, email))),
    listSuppressions: () => listSuppressions(database),
  };
}

async function* listSubscribers(
  database: Database,
  filter: SubscriberFilter,
): AsyncGenerator<SubscriberWithSubscriptions> {
  for await (const rows of listPages(database, filter)) yield* await withSubscriptions(database, rows);
}

async function* exportSubscribers(database: Database, filter: SubscriberFilter): AsyncGenerator<ExportedReader> {
  for await (const rows of listPages(database, filter)) {
    const ids = JSON.stringify(rows.map(({ id }) => id));
    const { rows: facts } = await sql<{ id: number; suppressedFor: string | null; consentedAt: Instant | null }>`
      select subscriber.id, suppression.reason as "suppressedFor", (
        select max(at) from consent where consent.subscriber_id = subscriber.id and what in ('confirmed', 'vouched')
      ) as "consentedAt"
      from subscriber left join suppression on suppression.address_key = subscriber.address_key
      where subscriber.id in (select value from json_each(${ids}))`.execute(database);
    const byId = new Map(facts.map((fact) => [fact.id, fact]));
    for (const reader of await withSubscriptions(database, rows)) {
      const { suppressedFor = null, consentedAt = null } = byId.get(reader.subscriber.id) ?? {};
      yield { ...reader, suppressedFor, consentedAt };
    }
  }
}

/** As the index has it. */
const addressOrder = sql<string>`lower(email)`;

/** Pages by the last address seen, so that rows added or removed meanwhile shift nothing. */
async function* listPages(
  database: Database,
  { newsletter, states }: SubscriberFilter,
): AsyncGenerator<SubscriberRow[]> {
  let after = '';
  for (;;) {
    let query = database.selectFrom('subscriber').selectAll().where(addressOrder, '>', after);
    if (states) query = query.where('state', 'in', states);
    if (newsletter !== undefined) {
      query = query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('subscription')
            .select(sql`1`.as('one'))
            .whereRef('subscription.subscriber_id', '=', 'subscriber.id')
            .where('subscription.newsletter', '=', newsletter)
            .where('subscription.state', '!=', 'left'),
        ),
      );
    }
    const rows = await query.orderBy(addressOrder).limit(pageSize).execute();
    if (rows.length > 0) yield rows;
    const last = rows.at(-1)?.email;
    if (rows.length < pageSize || last === undefined || last === null) return;
    after = last.toLowerCase();
  }
}
