import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Selectable, sql, type Updateable } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { DeliveryState, Postponement } from '../../delivery/index.ts';
import { type Edition, type EditionState, editionTransitions } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Database } from '../database/database.ts';
import { noLease } from '../delivery/ledger-commit.ts';
import type { DeliveryTable } from '../tables/delivery.ts';
import type { EditionTable } from '../tables/editions.ts';
import { waits } from './edition-counts.ts';
import { domainOfSql } from './edition-lanes.ts';
import { editionOf } from './edition-row.ts';

/** Rows per transaction where many change at once. */
const chunkSize = 2000;

/** See `DeliveryLedger.cancelEdition`. */
export async function cancelEdition(
  database: Database,
  editionId: string,
  now: Instant,
  from: readonly EditionState[],
): Promise<void> {
  await database.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('edition').selectAll().where('id', '=', editionId).executeTakeFirst();
    if (!row) throw new AppError('not_found', `There is no edition ${editionId}.`);
    const edition = editionOf(row);
    if (!from.includes(edition.state) || !editionTransitions[edition.state].includes('cancelled')) {
      throw new AppError('conflict', `The edition ${editionId} is ${edition.state} and can't be cancelled.`);
    }
    // First, so that nothing more begins while its rows are gone through.
    await tx
      .updateTable('edition')
      .set({ state: 'cancelled', reason: 'operator', finished_at: now })
      .where('id', '=', editionId)
      .execute();
  });
  await cancelRest(database, editionId, now);
}

/** See `DeliveryLedger.finishEditions`. */
export async function finishEditions(database: Database, transport: string, now: Instant): Promise<Edition[]> {
  for (const id of await listUnswept(database)) await cancelRest(database, id, now);

  // What the relay could not be asked about has not been refused. It waits since then, so that the rest of its time is left.
  const waiting = await sql<Selectable<EditionTable>>`
    update edition set state = 'held', reason = 'transport',
      paused_at = (select max(since, edition.frozen_at) from relay_trouble where relay = edition.transport)
    where state = 'sending' and transport = ${transport} and expires_at <= ${now}
      and exists (select 1 from relay_trouble where relay = edition.transport and at >= edition.frozen_at)
      and exists (select 1 from edition_count where edition_count.edition_id = edition.id
        and ${waits})
    returning *`.execute(database);

  const expired = await sql<{ id: string }>`
    select distinct edition.id from edition join edition_count on edition_count.edition_id = edition.id
    where edition.state = 'sending' and edition.transport = ${transport} and edition.expires_at <= ${now}
      and ${waits}`.execute(database);
  for (const { id } of expired.rows) {
    await changeAll(database, id, ['queued', 'deferred'], { state: 'failed', reason: 'expired', updated_at: now });
  }

  const finished = await sql<Selectable<EditionTable>>`
    update edition set state = 'sent', finished_at = ${now}
    where state = 'sending' and transport = ${transport} and not exists (
      select 1 from edition_count where edition_count.edition_id = edition.id and edition_count.count > 0
        and edition_count.state in ('open', 'deferred'))
    returning *`.execute(database);
  return [...waiting.rows, ...finished.rows].map(editionOf);
}

/**
 * Editions that are over and have something left: of a cancelled one what came back since, of one that was skipped what
 * half a freeze had written. By what waits and what is claimed, whose editions are few: those that are over are not.
 */
async function listUnswept(database: Database): Promise<string[]> {
  const isOver = sql`edition.state in ('cancelled', 'skipped')`;
  const { rows } = await sql<{ id: string }>`
    with recursive waiting (id) as (
      select min(edition_id) from delivery where state in ('queued', 'deferred')
      union all
      select (select min(edition_id) from delivery where state in ('queued', 'deferred') and edition_id > waiting.id)
      from waiting where waiting.id is not null)
    select edition.id from waiting join edition on edition.id = waiting.id where ${isOver}
    union select edition.id from delivery join edition on edition.id = delivery.edition_id
    where delivery.worker is not null and delivery.state = 'claimed' and ${isOver}`.execute(database);
  return rows.map(({ id }) => id);
}

function cancelRest(database: Database, editionId: string, now: Instant): Promise<number> {
  return changeAll(database, editionId, ['queued', 'claimed', 'deferred'], {
    state: 'cancelled',
    reason: 'edition_cancelled',
    updated_at: now,
  });
}

/** See `DeliveryLedger.postpone`. */
export async function postpone(database: Database, { transport, domain, until, now }: Postponement): Promise<void> {
  const sending = await database
    .selectFrom('edition')
    .select('id')
    .where('state', '=', 'sending')
    .where('transport', '=', transport)
    .execute();
  for (const { id } of sending) {
    const isMeant = sql<boolean>`lane in ('', ${domain}) and ${domainOfSql('address')} = ${domain}
      and coalesce(not_before, '') < ${until}`;
    const to = { state: 'deferred', reason: 'domain_closed', not_before: until, updated_at: now } as const;
    await changeAll(database, id, ['queued', 'deferred'], to, isMeant);
  }
}

/** Moves the rows of an edition that are in one of `from` and meant, in short transactions; returns how many. */
export async function changeAll(
  database: Database,
  editionId: string,
  from: readonly DeliveryState[],
  to: { readonly state: DeliveryState; readonly updated_at: Instant } & Partial<
    Pick<Updateable<DeliveryTable>, 'reason' | 'not_before' | 'attempts'>
  >,
  isMeant = sql<boolean>`true`,
): Promise<number> {
  let after = 0;
  let changed = 0;
  for (;;) {
    const page = await sql<{ last: number | null }>`
      select max(id) as last from (
        select id from delivery where edition_id = ${editionId} and id > ${after} order by id limit ${chunkSize})`.execute(
      database,
    );
    const last = page.rows[0]?.last ?? null;
    if (last === null) return changed;
    const { numUpdatedRows } = await database
      .updateTable('delivery')
      .set({ ...to, ...noLease })
      .where('edition_id', '=', editionId)
      .where('id', '>', after)
      .where('id', '<=', last)
      .where('state', 'in', [...from])
      .where(isMeant)
      .executeTakeFirstOrThrow();
    changed += Number(numUpdatedRows);
    after = last;
    await nextTurn();
  }
}
