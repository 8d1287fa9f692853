import { sql } from 'kysely';
import type {
  Arrival,
  ArrivalSource,
  DeliveryReason,
  DeliveryRecords,
  MissingGroup,
  Refusal,
  ReplyClass,
} from '../../delivery/index.ts';
import type { Database } from '../database/database.ts';
import { domainOfSql } from '../editions/edition-lanes.ts';
import { isMissing } from '../editions/edition-retry.ts';
import { listMoved } from '../readers/present-address.ts';
import { isInRest } from './delivery-rest.ts';
import { deliveryOf } from './delivery-row.ts';
import { listDeliveryPage } from './delivery-search.ts';

/** How much of a report is read, in bytes. */
const longestReport = 64 * 1024;
const mostLetters = 50;
const mostRefusals = 200;
/** Each is looked up in four tables: tens of milliseconds for all of them. */
const mostMissing = 5000;

/** The ledger as people read it. */
export function createDeliveryRecords(database: Database): DeliveryRecords {
  return {
    listPage: (editionId, filter, after, limit) => listDeliveryPage(database, editionId, filter, after, limit),
    async findDelivery(editionId, deliveryId) {
      const row = await database
        .selectFrom('delivery')
        .selectAll()
        .where('id', '=', deliveryId)
        .where('edition_id', '=', editionId)
        .executeTakeFirst();
      return row ? deliveryOf(row) : null;
    },
    async findBounce(deliveryId) {
      const row = await database
        .selectFrom('bounce')
        .select(['class', 'status', 'said', 'at'])
        .where('delivery_id', '=', deliveryId)
        .executeTakeFirst();
      return row ? { ...row, class: row.class as ReplyClass } : null; // only these are written
    },
    async listArrivals(deliveryId) {
      const { rows } = await sql<ArrivalRow>`
        select arrival.id, source, kind, received_at as receivedAt, note, substr(raw, 1, ${longestReport}) as raw
        from arrival_delivery join arrival on arrival.id = arrival_delivery.arrival_id
        where arrival_delivery.delivery_id = ${deliveryId} order by arrival.id`.execute(database);
      return rows.map(({ raw, ...row }) => ({ ...row, said: Buffer.from(raw).toString('utf8') }));
    },
    async listLetters(subscriberId) {
      const rows = await database
        .selectFrom('letter')
        .select(['kind', 'state', 'outcome', 'reply', 'created_at as createdAt', 'settled_at as settledAt'])
        .where('subscriber_id', '=', subscriberId)
        .orderBy('id', 'desc')
        .limit(mostLetters)
        .execute();
      return rows;
    },
    async getReturns(editionId) {
      const rows = await database
        .selectFrom('edition_return')
        .select(['outcome', 'count'])
        .where('edition_id', '=', editionId)
        .execute();
      const of = (outcome: string): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
      return { bounced: of('bounced'), complained: of('complained') };
    },
    async listRefusals(editionId) {
      const [put, failed] = [
        await newest(database, editionId, 'deferred'),
        await newest(database, editionId, 'failed'),
      ];
      return [...put, ...failed];
    },
    listMissing: (editionId) => listMissing(database, editionId),
    listMoved: (editionId) => listMoved(database, editionId),
  };
}

async function newest(database: Database, editionId: string, state: Refusal['state']): Promise<Refusal[]> {
  const { rows } = await sql<Refusal>`
    select state, ${domainOfSql('address')} as domain, reply_class as class, reply from delivery
    where edition_id = ${editionId} and ${isInRest(state)} order by id desc limit ${mostRefusals}`.execute(database);
  return rows;
}

interface ArrivalRow {
  readonly id: number;
  readonly source: ArrivalSource;
  readonly kind: Arrival['kind'];
  readonly receivedAt: string;
  readonly note: string | null;
  readonly raw: Uint8Array;
}

async function listMissing(database: Database, editionId: string): Promise<MissingGroup[] | null> {
  const { rows: sums } = await sql<{ count: number | null }>`
    select sum(count) as count from edition_count where edition_id = ${editionId} and state in ('failed', 'cancelled')`.execute(
    database,
  );
  if ((sums[0]?.count ?? 0) > mostMissing) return null;
  const { rows } = await sql<{ state: MissingGroup['state']; reason: DeliveryReason | null; readers: number }>`
    select state, reason, count(*) as readers from (
      select * from delivery where edition_id = ${editionId} and ${isInRest('failed')}
      union all select * from delivery where edition_id = ${editionId} and ${isInRest('cancelled')}) as delivery
    where ${isMissing} group by state, reason order by state desc, reason`.execute(database);
  return rows;
}
