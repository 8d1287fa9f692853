import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type {
  AppliedArrival,
  Arrival,
  ArrivalRecord,
  ArrivalSource,
  ArrivalStore,
  MailTokens,
} from '../../delivery/index.ts';
import type { Keys } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { applyArrival } from './arrival-effect.ts';

/** What came back, on a SQL database. */
export function createArrivalStore(database: Database, keys: Keys, tokens: MailTokens): ArrivalStore {
  return {
    async add({ source, key, raw }, now) {
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('arrival')
        .values({ key, source, received_at: now, raw, state: 'new' })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 0n ? 'known' : 'added';
    },

    async listOpen(reader, after, limit) {
      const rows = await database
        .selectFrom('arrival')
        .select(['id', 'source', 'raw'])
        .where((eb) =>
          eb.or([eb('state', '=', 'new'), eb.and([eb('state', '=', 'quarantined'), eb('reader', '<', reader)])]),
        )
        .where(isOpen)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id, source, raw }) => ({ id, source: source as ArrivalSource, raw: Buffer.from(raw) })); // only these are written
    },

    apply: (id, arrival, reader, now) =>
      database.transaction().execute((tx) => apply(tx, keys, tokens, { id, arrival, reader, now })),

    async findKind(key) {
      const row = await database.selectFrom('arrival').select('kind').where('key', '=', key).executeTakeFirst();
      return (row?.kind ?? null) as Arrival['kind'] | null; // only these are written
    },

    async findPosition(mailbox) {
      const row = await database
        .selectFrom('mailbox_position')
        .selectAll()
        .where('mailbox', '=', mailbox)
        .executeTakeFirst();
      return row === undefined ? null : { uidValidity: row.uid_validity, uid: row.uid };
    },

    async savePosition(mailbox, { uidValidity, uid }) {
      const position = { uid_validity: uidValidity, uid };
      await database
        .insertInto('mailbox_position')
        .values({ mailbox, ...position })
        .onConflict((conflict) => conflict.column('mailbox').doUpdateSet(position))
        .execute();
    },

    async listArrivals({ states, limit }) {
      const rows = await database
        .selectFrom('arrival')
        .select([
          'id',
          'source',
          'received_at',
          'state',
          'kind',
          'note',
          (eb) => eb.fn<number>('length', ['raw']).as('bytes'),
        ])
        .where('state', 'in', [...states])
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(
        (row): ArrivalRecord => ({
          id: row.id,
          source: row.source as ArrivalRecord['source'], // only these are written
          receivedAt: row.received_at,
          state: row.state as ArrivalRecord['state'],
          kind: row.kind as ArrivalRecord['kind'],
          note: row.note,
          bytes: row.bytes,
        }),
      );
    },

    async findRaw(id) {
      const row = await database.selectFrom('arrival').select('raw').where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : Buffer.from(row.raw);
    },

    async countQuarantined() {
      const { count } = await database
        .selectFrom('arrival')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('state', '=', 'quarantined')
        .where(isOpen)
        .executeTakeFirstOrThrow();
      return count;
    },

    async retryQuarantined() {
      const { numUpdatedRows } = await database
        .updateTable('arrival')
        .set({ state: 'new' })
        .where('state', '=', 'quarantined')
        .where(isOpen)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
  };
}

/** Word for word the condition of a partial index: SQLite sees no further. */
const isOpen = sql<boolean>`arrival.state in ('new', 'quarantined')`;

interface Application {
  readonly id: number;
  readonly arrival: Arrival;
  readonly reader: number;
  readonly now: Instant;
}

async function apply(
  tx: Kysely<Schema>,
  keys: Keys,
  tokens: MailTokens,
  { id, arrival, reader, now }: Application,
): Promise<AppliedArrival | null> {
  const row = await tx.selectFrom('arrival').select('source').where('id', '=', id).where(isOpen).executeTakeFirst();
  if (!row) return null;
  const isSigned = row.source === 'ses' || row.source === 'generic';
  const applied = await applyArrival({ tx, keys, tokens, now }, arrival, isSigned);
  await tx
    .updateTable('arrival')
    .set({ state: applied.state, kind: arrival.kind, note: applied.note, reader, handled_at: now })
    .where('id', '=', id)
    .execute();
  for (const deliveryId of new Set(applied.deliveries.map((about) => about.deliveryId))) {
    await tx.insertInto('arrival_delivery').values({ delivery_id: deliveryId, arrival_id: id }).execute();
  }
  return applied;
}
