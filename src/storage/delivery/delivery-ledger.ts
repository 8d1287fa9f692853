import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { Delivery, DeliveryLedger, DeliveryState, LostAttempt } from '../../delivery/index.ts';
import { openEditionStates } from '../../digest/index.ts';
import { connectionOf, type Database, inTransaction } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { readCounts } from '../editions/edition-counts.ts';
import { cancelEdition, finishEditions, postpone } from '../editions/edition-end.ts';
import { freezeEdition } from '../editions/edition-freeze.ts';
import { addSenderFaults, pauseEdition, resumeEdition } from '../editions/edition-pause.ts';
import { countMissing, retryMissing, settleDoubt } from '../editions/edition-retry.ts';
import { heedWithdrawn } from '../editions/edition-withdrawal.ts';
import { isInRest, isOfRest } from './delivery-rest.ts';
import { deliveryOf } from './delivery-row.ts';
import { claim } from './ledger-claim.ts';
import { noLease, prepareCommit, prepareMayStillGo } from './ledger-commit.ts';
import { listPast } from './list-past.ts';

/** Rows at a time in a listing. */
const pageSize = 500;

/** The ledger on a SQL database: grouped statements in short transactions. */
export function createDeliveryLedger(database: Database): DeliveryLedger {
  const commitEntries = prepareCommit(database);
  const mayStillGo = prepareMayStillGo(database);
  const sending = connectionOf(database).prepare(`select id from edition where state = 'sending' and transport = ?`);
  return {
    listPast: (stories, now) => listPast(database, stories, now),
    async freeze(input) {
      await freezeEdition(database, input);
      return readCounts(database, input.editionId);
    },
    claim: (request) => inTransaction(database, (tx) => claim(tx, request)),
    commit: async (entries, now) =>
      entries.length === 0 ? [] : inTransaction(database, (tx) => commitEntries(tx, entries, now)),
    // As a transaction of its own, which waits for those at hand: alone it would see what they are about to commit.
    mayStillGo: (attempts, now) =>
      database.connection().execute(async () => attempts.map((attempt) => mayStillGo(attempt, now))),
    async renewLeases(worker, leaseUntil) {
      await database
        .updateTable('delivery')
        .set({ lease_until: leaseUntil })
        .where('worker', '=', worker)
        .where(isLeased)
        .execute();
    },
    recover: (now, deadWorkers) => database.transaction().execute((tx) => recover(tx, now, deadWorkers)),
    async resolve({ deliveryId, token }, truth, reason, now) {
      const isOpen = truth === 'in_doubt' ? (['attempting'] as const) : (['attempting', 'in_doubt'] as const);
      await database
        .updateTable('delivery')
        .set({
          state: truth,
          reason: truth === 'in_doubt' ? 'worker_gone' : null,
          reply: reason,
          not_before: null,
          ...noLease,
          // In doubt it stays: a result that still comes with it is late evidence.
          lease_token: truth === 'in_doubt' ? token : null,
          updated_at: now,
        })
        .where('id', '=', deliveryId)
        .where('lease_token', '=', token)
        .where('state', 'in', [...isOpen])
        .execute();
    },
    finishEditions: (transport, now) => finishEditions(database, transport, now),
    async cancelEdition(editionId, now, from = openEditionStates) {
      await cancelEdition(database, editionId, now, from);
      return readCounts(database, editionId);
    },
    heedWithdrawn: (langOf, now, alsoOf = '') => heedWithdrawn(database, langOf, now, alsoOf),
    async hasWithdrawn(editionId) {
      const row = await database
        .selectFrom('edition_withdrawal')
        .select('variant')
        .where('edition_id', '=', editionId)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async pauseEdition(editionId, reason, now) {
      await pauseEdition(database, editionId, reason, now);
      return readCounts(database, editionId);
    },
    async resumeEdition(editionId, now) {
      await resumeEdition(database, editionId, now);
      return readCounts(database, editionId);
    },
    listSending: async (transport) => new Set(sending.all(transport).map(({ id }) => String(id))),
    countMissing: (editionId) => countMissing(database, editionId),
    retryMissing: (editionId, expiresAt, now) => retryMissing(database, editionId, expiresAt, now),
    settleDoubt: (settled) => settleDoubt(database, settled),
    postpone: (postponement) => postpone(database, postponement),
    addSenderFaults: (editionId, faults, now) => addSenderFaults(database, editionId, faults, now),
    findNextDue: (transport, now) => findNextDue(database, transport, now),
    listDeliveries: (editionId, filter = {}) => listDeliveries(database, editionId, filter.states),
    async registerWorker({ id, host, pid, transport, startedAt, heartbeatAt }) {
      await database
        .insertInto('worker')
        .values({ id, host, pid, transport, started_at: startedAt, heartbeat_at: heartbeatAt })
        .execute();
    },
    async beat(workerId, now) {
      await database.updateTable('worker').set({ heartbeat_at: now }).where('id', '=', workerId).execute();
    },
    async removeWorker(workerId) {
      await database.deleteFrom('worker').where('id', '=', workerId).execute();
    },
    async listWorkers() {
      const rows = await database.selectFrom('worker').selectAll().orderBy('started_at').execute();
      return rows.map((row) => ({
        id: row.id,
        host: row.host,
        pid: row.pid,
        transport: row.transport,
        startedAt: row.started_at,
        heartbeatAt: row.heartbeat_at,
      }));
    },
  };
}

/** Of `claimed` and `attempting` ones, by the index of what workers have. */
const isLeased = sql<boolean>`delivery.worker is not null`;

async function recover(tx: Kysely<Schema>, now: Instant, deadWorkers: readonly string[]): Promise<LostAttempt[]> {
  const dead = JSON.stringify(deadWorkers);
  const isLost = sql<boolean>`(lease_until <= ${now} or worker in (select value from json_each(${dead})))`;
  await tx
    .updateTable('delivery')
    .set({ state: 'queued', ...noLease, updated_at: now })
    .where('state', '=', 'claimed')
    .where(isLeased)
    .where(isLost)
    .execute();
  const lost = await tx
    .selectFrom('delivery')
    .innerJoin('edition', 'edition.id', 'delivery.edition_id')
    .select(['delivery.id', 'lease_token', 'edition_id', 'address', 'edition.transport'])
    .where('delivery.state', '=', 'attempting')
    .where(isLeased)
    .where(isLost)
    .execute();
  return lost.map((row) => ({
    deliveryId: row.id,
    token: row.lease_token ?? '',
    editionId: row.edition_id,
    address: row.address ?? '',
    transport: row.transport ?? '',
  }));
}

async function findNextDue(database: Database, transport: string, now: Instant): Promise<Instant | null> {
  const { rows } = await sql<{ due: string | null; expires_at: string }>`
    select expires_at,
      (select coalesce(not_before, '') from delivery
        where delivery.edition_id = edition.id and delivery.lane = lane.value and delivery.state in ('queued', 'deferred')
        order by coalesce(not_before, ''), id limit 1) as due
    from edition, json_each(edition.lanes) as lane where state = 'sending' and transport = ${transport}`.execute(
    database,
  );
  let next: Instant | null = null;
  for (const { due, expires_at } of rows) {
    if (due === null) continue;
    const at = due < expires_at ? due : expires_at;
    if (next === null || at < next) next = at;
  }
  return next !== null && next < now ? now : next;
}

async function* listDeliveries(
  database: Database,
  editionId: string,
  states: readonly DeliveryState[] | undefined,
): AsyncIterable<Delivery> {
  let after = 0;
  for (;;) {
    let query = database
      .selectFrom('delivery')
      .selectAll()
      .where('edition_id', '=', editionId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize);
    const [only, ...others] = states ?? [];
    if (only !== undefined && others.length === 0 && isOfRest(only)) query = query.where(isInRest(only));
    else if (states !== undefined) query = query.where('state', 'in', [...states]);
    const rows = await query.execute();
    for (const row of rows) {
      after = row.id;
      yield deliveryOf(row);
    }
    if (rows.length < pageSize) return;
  }
}
