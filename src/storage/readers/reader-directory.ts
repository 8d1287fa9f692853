import { type RawBuilder, sql } from 'kysely';
import {
  addressKey,
  addressSearchKey,
  type Keys,
  nameSearchKey,
  type ReaderDirectory,
  type ReaderPage,
  type ReaderPlace,
  type ReaderSearch,
  type Standing,
} from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import { findReaderDeliveries } from '../delivery/reader-deliveries.ts';
import { findAddressChange, findReasonKeptOut, listBounces, listLetters } from './own-data-store.ts';
import { consentOf, type SubscriberRow } from './subscriber-row.ts';
import { findSuppression, listSuppressionPage } from './suppressions.ts';
import { withSubscriptions } from './with-subscriptions.ts';

const pageSize = 50;

/** Readers looked at for one page, where few of them are those that are asked for: some tens of milliseconds. */
const windowSize = 10_000;

/** Where operators look readers up. */
export function createReaderDirectory(database: Database, keys: Keys): ReaderDirectory {
  return {
    search: (search, after) => searchReaders(database, search, after),

    async findRecord(id) {
      const row = await database.selectFrom('subscriber').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return null;
      const [[reader], suppression, addressChange, consents, letters, bounces] = await Promise.all([
        withSubscriptions(database, [row]),
        findReasonKeptOut(database, row.address_key),
        findAddressChange(database, id),
        database
          .selectFrom('consent')
          .selectAll()
          .where('subscriber_id', '=', id)
          .orderBy('at')
          .orderBy('id')
          .execute(),
        listLetters(database, id),
        listBounces(database, id),
      ]);
      if (!reader) return null;
      return {
        ...reader,
        suppression,
        addressChange,
        consents: consents.map(consentOf),
        letters,
        bounces,
      };
    },

    listDeliveries: (id, before) => findReaderDeliveries(database, id, before),
    listSuppressions: (after) => listSuppressionPage(database, after),
    findSuppression: (email) => findSuppression(database, addressKey(keys, email)),
  };
}

async function searchReaders(database: Database, search: ReaderSearch, after: ReaderPlace | null): Promise<ReaderPage> {
  const range = rangeOf(search, after);
  const end = await findEnd(database, range);
  const { rows } = await sql<SubscriberRow & { suppressed_for: string | null; search_key: string }>`
    select reader.*, suppression.reason as suppressed_for, ${range.key} as search_key
    from subscriber as reader left join suppression on suppression.address_key = reader.address_key
    where ${range.condition} ${end === null ? sql`` : sql`and ${range.key} <= ${end}`} ${filterOf(search)}
    order by ${range.key}, reader.id limit ${pageSize + 1}`.execute(database);
  const shown = rows.slice(0, pageSize);
  const readers = await withSubscriptions(database, shown);
  const last = shown.at(-1);
  const isFull = rows.length > pageSize && last !== undefined;
  return {
    readers: readers.map((reader, index) => ({ ...reader, suppressedFor: shown[index]?.suppressed_for ?? null })),
    next: isFull
      ? { key: last.search_key, id: Number(last.id) }
      : end === null
        ? null
        : { key: end, id: Number.MAX_SAFE_INTEGER },
    isCutShort: !isFull && end !== null,
  };
}

/** A stretch of an index. */
interface Range {
  readonly key: RawBuilder<string>;
  readonly condition: RawBuilder<boolean>;
}

function rangeOf({ text, by, standing }: ReaderSearch, after: ReaderPlace | null): Range {
  const key = by === 'address' ? sql<string>`lower(reader.email)` : sql<string>`reader.name_key`;
  const prefix = by === 'address' ? addressSearchKey(text) : nameSearchKey(text);
  const from =
    after === null
      ? sql`${key} >= ${prefix}`
      : sql`${key} >= ${after.key} and (${key} > ${after.key} or reader.id > ${after.id})`;
  // Behind everything that begins with it.
  const until = prefix === '' ? sql`` : sql`and ${key} < ${`${prefix}\u{10ffff}`}`;
  return { key, condition: sql<boolean>`${from} ${until} ${stateOf(standing)}` };
}

/** As literals, which indexes of their own are for. */
function stateOf(standing: Standing | null): RawBuilder<unknown> {
  switch (standing) {
    case 'active':
      return sql`and reader.state = 'active'`;
    case 'pending':
      return sql`and reader.state = 'pending'`;
    case 'suspended':
      return sql`and reader.state = 'suspended'`;
    case 'suppressed':
    case null:
      return sql``;
    default:
      return standing satisfies never;
  }
}

function filterOf({ standing, newsletter, lang }: ReaderSearch): RawBuilder<unknown> {
  const filters = [sql`and reader.email is not null`];
  if (standing === 'suppressed') filters.push(sql`and suppression.reason is not null`);
  if (lang !== null) filters.push(sql`and reader.lang = ${lang}`);
  if (newsletter !== null) {
    filters.push(sql`and exists (select 1 from subscription where subscription.newsletter = ${newsletter}
      and subscription.subscriber_id = reader.id and subscription.state <> 'left')`);
  }
  return sql.join(filters, sql` `);
}

/** The key up to which one page looks; null: to the end. */
async function findEnd(database: Database, { key, condition }: Range): Promise<string | null> {
  const { rows } = await sql<{ search_key: string }>`
    select ${key} as search_key from subscriber as reader where ${condition}
    order by ${key}, reader.id limit 1 offset ${windowSize}`.execute(database);
  return rows[0]?.search_key ?? null;
}
