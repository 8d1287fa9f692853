import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { DeliveryFilter, DeliveryPage, DeliveryState } from '../../delivery/index.ts';
import type { Database } from '../database/database.ts';
import { domainOfSql } from '../editions/edition-lanes.ts';
import type { DeliveryTable } from '../tables/delivery.ts';
import { isInRest, isOfRest } from './delivery-rest.ts';
import { deliveryOf } from './delivery-row.ts';

/** How many are looked through for one page, where no index tells those that are asked for from others. */
export const mostLookedThrough = 10_000;

type Row = Selectable<DeliveryTable>;

/** See `DeliveryRecords.listPage`. */
export async function listDeliveryPage(
  database: Database,
  editionId: string,
  { address, ...filter }: DeliveryFilter,
  after: number,
  limit: number,
): Promise<DeliveryPage> {
  const { rows, end, idOf } =
    address === undefined
      ? await findInEdition(database, editionId, filter, after, limit + 1)
      : await findByAddress(database, editionId, { ...filter, address }, after, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isFull = rows.length > limit && last !== undefined;
  return { deliveries: shown.map(deliveryOf), next: isFull ? idOf(last) : end, isCutShort: !isFull && end !== null };
}

interface Found {
  readonly rows: readonly Row[];
  /** After what a next page looks further where this one has looked through all that it may. */
  readonly end: number | null;
  /** After what a next page goes on behind a row. */
  readonly idOf: (row: Row) => number | null;
}

async function findInEdition(
  database: Database,
  editionId: string,
  filter: Omit<DeliveryFilter, 'address'>,
  after: number,
  limit: number,
): Promise<Found> {
  const { indexed, looked } = planOf(filter);
  const candidates = sql`from delivery where edition_id = ${editionId} and ${indexed} and id > ${after} order by id`;
  const { rows } = await sql<Row>`
    select * from (select * ${candidates} limit ${mostLookedThrough}) as delivery
    where ${allOf(looked)} limit ${limit}`.execute(database);
  const last = await sql<{ id: number }>`select id ${candidates} limit 1 offset ${mostLookedThrough - 1}`.execute(
    database,
  );
  return { rows, end: last.rows[0]?.id ?? null, idOf: ({ id }) => id };
}

/** Through the readers: an index of each delivery's address would make a freeze half as long again. */
async function findByAddress(
  database: Database,
  editionId: string,
  { address, ...filter }: DeliveryFilter & { readonly address: string },
  after: number,
  limit: number,
): Promise<Found> {
  const from = address.toLowerCase();
  const isAfter =
    after === 0
      ? sql`true`
      : sql`(lower(reader.email), reader.id) > (select lower(email), id from subscriber where id = ${after})`;
  // No address holds a character behind that one.
  const inRange = sql`lower(reader.email) >= ${from} and lower(reader.email) < ${`${from}\u{10ffff}`} and ${isAfter}`;
  const last = await sql<{ key: string; id: number }>`
    select lower(email) as key, id from subscriber as reader where ${inRange}
    order by lower(email), id limit 1 offset ${mostLookedThrough - 1}`.execute(database);
  const end = last.rows[0];
  const { rows } = await sql<Row>`
    select delivery.* from subscriber as reader cross join delivery
    where delivery.subscriber_id = reader.id and delivery.edition_id = ${editionId} and ${inRange}
      ${end === undefined ? sql`` : sql`and lower(reader.email) <= ${end.key}`} and ${allOf(conditionsOf(filter))}
    order by lower(reader.email), reader.id limit ${limit}`.execute(database);
  return { rows, end: end?.id ?? null, idOf: ({ subscriber_id: id }) => id };
}

function allOf(conditions: readonly RawBuilder<boolean>[]): RawBuilder<unknown> {
  return sql.join([sql`true`, ...conditions], sql` and `);
}

function conditionsOf({ states, reason, outcome, lang, domain }: DeliveryFilter): RawBuilder<boolean>[] {
  return [
    ...(states !== undefined && states.length > 0
      ? [sql<boolean>`delivery.state in (${sql.join(states.map((state) => sql.lit(state)))})`]
      : []),
    ...(reason ? [sql<boolean>`delivery.reason = ${reason}`] : []),
    ...(outcome ? [sql<boolean>`delivery.outcome = ${outcome}`] : []),
    ...(lang === undefined ? [] : [sql<boolean>`delivery.lang = ${lang}`]),
    ...(domain === undefined ? [] : [sql<boolean>`${domainOfSql('delivery.address')} = ${domain}`]),
  ];
}

/** What an index finds, and what has to be looked at row by row. */
interface Plan {
  readonly indexed: RawBuilder<boolean>;
  readonly looked: readonly RawBuilder<boolean>[];
}

/** The conditions of partial indexes stand word for word: SQLite sees no further. */
function planOf(filter: DeliveryFilter): Plan {
  const { reason, outcome, states = [], ...rest } = filter;
  if (reason) {
    const indexed = sql<boolean>`reason = ${reason} and reason is not null`;
    return { indexed, looked: conditionsOf({ ...rest, states, ...(outcome ? { outcome } : {}) }) };
  }
  if (outcome && outcome !== 'accepted') {
    const indexed = sql<boolean>`outcome = ${sql.lit(outcome)} and outcome in ('bounced', 'complained')`;
    return { indexed, looked: conditionsOf({ ...rest, states }) };
  }
  const [only, ...others] = states;
  const indexed = others.length === 0 ? findByState(only) : null;
  if (indexed === null) return { indexed: sql<boolean>`true`, looked: conditionsOf(filter) };
  return { indexed, looked: conditionsOf({ ...rest, ...(outcome ? { outcome } : {}) }) };
}

/** By an index where one tells the state; null where none does. */
function findByState(state: DeliveryState | undefined): RawBuilder<boolean> | null {
  if (state === undefined) return null;
  if (isOfRest(state)) return isInRest(state);
  if (state !== 'attempting' && state !== 'claimed') return null;
  // The few that workers have at the moment, of whatever edition.
  return sql<boolean>`id in (select leased.id from delivery as leased
    where leased.worker is not null and leased.state = ${sql.lit(state)})`;
}
