import { sql } from 'kysely';
import type { ReaderDeliveries, ReaderDelivery } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';

const pageSize = 50;

/** See `ReaderDirectory.listDeliveries`. */
export async function findReaderDeliveries(
  database: Database,
  subscriberId: number,
  before: number | null,
): Promise<ReaderDeliveries> {
  // Their numbers are in the index by reader, at most one for each edition: only a page of rows is read.
  const ids = sql`select id from delivery where subscriber_id = ${subscriberId}
    and (${before} is null or id < ${before}) order by id desc limit ${pageSize + 1}`;
  const [older, [boundary = null]] = await Promise.all([
    listRows(database, subscriberId, ids),
    before === null ? [] : listRows(database, subscriberId, sql`${before}`),
  ]);
  return { deliveries: older.slice(0, pageSize), before: boundary, hasMore: older.length > pageSize };
}

async function listRows(
  database: Database,
  subscriberId: number,
  ids: ReturnType<typeof sql>,
): Promise<ReaderDelivery[]> {
  const { rows } = await sql<ReaderDelivery>`
    select delivery.id, delivery.edition_id as "editionId", edition.newsletter, delivery.lang, delivery.state, delivery.reason,
      delivery.outcome, delivery.attempts, delivery.reply, coalesce(delivery.attempted_at, delivery.updated_at) as at
    from delivery join edition on edition.id = delivery.edition_id
    where delivery.id in (${ids}) and delivery.subscriber_id = ${subscriberId} order by delivery.id desc`.execute(
    database,
  );
  return rows;
}
