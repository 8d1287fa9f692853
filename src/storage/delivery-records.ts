import { type RawBuilder, type Selectable, sql } from 'kysely';
import type {
  Arrival,
  ArrivalSource,
  DeliveryFilter,
  DeliveryPage,
  DeliveryReason,
  DeliveryRecords,
  DeliveryState,
  MissingGroup,
  ReplyClass,
} from '../delivery/index.ts';
import type { Database } from './database.ts';
import { isInRest, isOfRest } from './delivery-rest.ts';
import { deliveryOf } from './delivery-row.ts';
import { domainOfSql } from './edition-lanes.ts';
import { isMissing } from './edition-retry.ts';
import type { DeliveryTable } from './tables/delivery.ts';

/** How many deliveries one request looks through for those that no index tells apart. */
const mostLookedThrough = 20_000;
/** How much of a report is read, in bytes. */
const longestReport = 64 * 1024;
const mostLetters = 50;

/** The ledger as people read it. */
export function createDeliveryRecords(database: Database): DeliveryRecords {
  return {
    listPage: (editionId, filter, after, limit) => listPage(database, editionId, filter, after, limit),
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
        .select(['kind', 'state', 'reply', 'created_at as createdAt', 'settled_at as settledAt'])
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
    listMissing: (editionId) => listMissing(database, editionId),
  };
}

interface ArrivalRow {
  readonly id: number;
  readonly source: ArrivalSource;
  readonly kind: Arrival['kind'];
  readonly receivedAt: string;
  readonly note: string | null;
  readonly raw: Uint8Array;
}

/** What an index finds, and what has to be looked at row by row. */
interface Search {
  readonly indexed: RawBuilder<boolean>;
  readonly looked: readonly RawBuilder<boolean>[];
  readonly isByAddress: boolean;
}

async function listPage(
  database: Database,
  editionId: string,
  filter: DeliveryFilter,
  after: number,
  limit: number,
): Promise<DeliveryPage> {
  const { indexed, looked, isByAddress } = searchOf(filter);
  const [order, isAfter] = isByAddress
    ? [
        sql`lower(address), id`,
        after === 0
          ? sql`true`
          : sql`(lower(address), id) > (select lower(address), id from delivery where id = ${after})`,
      ]
    : [sql`id`, sql`id > ${after}`];
  const found = sql`from delivery where edition_id = ${editionId} and ${indexed} and ${isAfter} order by ${order}`;
  const { rows } = await sql<Selectable<DeliveryTable>>`
    select * from (select * ${found} limit ${mostLookedThrough}) as delivery
    where ${sql.join([sql`true`, ...looked], sql` and `)} limit ${limit + 1}`.execute(database);
  const deliveries = rows.slice(0, limit).map(deliveryOf);
  if (rows.length > limit) return { deliveries, next: deliveries.at(-1)?.id ?? null, isCutShort: false };
  const last = await sql<{ id: number }>`
    select id ${found} limit 1 offset ${mostLookedThrough - 1}`.execute(database);
  const next = last.rows[0]?.id ?? null;
  return { deliveries, next, isCutShort: next !== null };
}

/** The conditions of the first that is given stand word for word in a partial index: SQLite sees no further. */
function searchOf({ states, reason, outcome, lang, domain, address }: DeliveryFilter): Search {
  const inStates = states && sql<boolean>`delivery.state in (${sql.join(states.map((state) => sql.lit(state)))})`;
  const rest = [
    ...(lang === undefined ? [] : [sql<boolean>`lang = ${lang}`]),
    ...(domain === undefined ? [] : [sql<boolean>`${domainOfSql('address')} = ${domain}`]),
  ];
  const ofOutcome = outcome && [sql<boolean>`outcome = ${sql.lit(outcome)}`];
  const ofReason = reason && [sql<boolean>`reason = ${reason}`];
  if (address !== undefined) {
    const looked = [...(inStates ? [inStates] : []), ...(ofReason ?? []), ...(ofOutcome ?? []), ...rest];
    return { indexed: startsWith(address), looked, isByAddress: true };
  }
  if (ofReason) {
    const looked = [...(inStates ? [inStates] : []), ...(ofOutcome ?? []), ...rest];
    return { indexed: sql<boolean>`${ofReason[0]} and reason is not null`, looked, isByAddress: false };
  }
  if (ofOutcome && outcome !== 'accepted') {
    const indexed = sql<boolean>`${ofOutcome[0]} and outcome in ('bounced', 'complained')`;
    return { indexed, looked: [...(inStates ? [inStates] : []), ...rest], isByAddress: false };
  }
  const [only, ...others] = states ?? [];
  const byState = others.length === 0 ? findByState(only) : null;
  return {
    indexed: byState ?? sql<boolean>`true`,
    looked: [...(inStates && byState === null ? [inStates] : []), ...(ofOutcome ?? []), ...rest],
    isByAddress: false,
  };
}

/** By an index where one tells the state; null where none does. */
function findByState(state: DeliveryState | undefined): RawBuilder<boolean> | null {
  if (state === undefined) return null;
  if (isOfRest(state)) return isInRest(state);
  if (state !== 'attempting' && state !== 'claimed') return null;
  // The few that workers have at the moment, of whatever edition.
  return sql<boolean>`id in (select leased.id from delivery as leased
    where leased.state in ('claimed', 'attempting') and leased.state = ${sql.lit(state)})`;
}

function startsWith(address: string): RawBuilder<boolean> {
  const from = address.toLowerCase();
  // No address holds a character behind this one.
  return sql<boolean>`lower(address) >= ${from} and lower(address) < ${`${from}\u{10ffff}`}`;
}

async function listMissing(database: Database, editionId: string): Promise<MissingGroup[] | null> {
  const { rows: sums } = await sql<{ count: number | null }>`
    select sum(count) as count from edition_count where edition_id = ${editionId} and state in ('failed', 'cancelled')`.execute(
    database,
  );
  if ((sums[0]?.count ?? 0) > mostLookedThrough) return null;
  const { rows } = await sql<{ state: MissingGroup['state']; reason: DeliveryReason | null; readers: number }>`
    select state, reason, count(*) as readers from (
      select * from delivery where edition_id = ${editionId} and ${isInRest('failed')}
      union all select * from delivery where edition_id = ${editionId} and ${isInRest('cancelled')}) as delivery
    where ${isMissing} group by state, reason order by state desc, reason`.execute(database);
  return rows;
}
