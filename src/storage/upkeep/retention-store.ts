import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import { openEditionStates } from '../../digest/index.ts';
import type { RetentionStore } from '../../schedule/index.ts';
import type { Database } from '../database/database.ts';

/** Rows per transaction. */
const chunkSize = 1000;

export function createRetentionStore(database: Database): RetentionStore {
  /** Runs a statement that removes up to a chunk, until it removes nothing. */
  async function removeAll(removeChunk: RawBuilder<unknown>): Promise<number> {
    let removed = 0;
    for (;;) {
      const { numAffectedRows = 0n } = await removeChunk.execute(database);
      removed += Number(numAffectedRows);
      if (numAffectedRows === 0n) return removed;
      await nextTurn();
    }
  }

  /** With all that is known of them; whoever asked again since has the time anew. */
  async function removePending(before: Instant): Promise<number> {
    await removeAll(sql`delete from sign_up where at < ${before}`);
    await removeAll(sql`delete from address_change where at < ${before}`);
    const waiting = sql`select id from subscriber where state = 'pending' and created_at < ${before}
      and not exists (select 1 from consent where consent.subscriber_id = subscriber.id and consent.at >= ${before})`;
    // Their key stays for as long as the limits count by it: else a victim got a letter each time.
    await removeAll(sql`
      update letter set subscriber_id = null, address = null, settled_at = coalesce(settled_at, created_at),
        state = case state when 'queued' then 'cancelled' else state end
      where subscriber_id in (${waiting})`);
    return removeAll(sql`delete from subscriber where id in (${waiting} limit ${chunkSize})`);
  }

  return {
    async prune({ deliveries: before, raw: rawBefore, letters: lettersBefore, pending: pendingBefore }) {
      // From then on the trigger leaves the edition's sums as they are.
      const marked = await sql<{ id: string }>`
        update edition set pruned_at = ${before}
        where state in ('sent', 'skipped', 'cancelled') and finished_at < ${before} and pruned_at is null
          and not exists (select 1 from edition_count where edition_count.edition_id = edition.id
            and edition_count.state in ('open', 'deferred') and edition_count.count > 0)
        returning id`.execute(database);
      const pruned = sql`select id from edition where pruned_at is not null`;
      // Also of those that a process which ended in between had marked.
      const deliveries = await removeAll(
        sql`delete from delivery where id in (
          select id from delivery where edition_id in (${pruned}) limit ${chunkSize})`,
      );
      await removeAll(
        sql`delete from edition_choice where rowid in (
          select rowid from edition_choice where edition_id in (${pruned}) limit ${chunkSize})`,
      );
      await removeAll(
        sql`delete from edition_pieces where rowid in (
          select edition_pieces.rowid from edition_pieces join edition on edition.id = edition_pieces.edition_id
          where edition.pruned_at is not null and edition.state <> 'sent' limit ${chunkSize})`,
      );
      await removeAll(
        sql`delete from notice where id in (select id from notice where at < ${before} limit ${chunkSize})`,
      );
      await removeAll(
        sql`delete from feed_poll where (path, day) in (
          select path, day from feed_poll where day < ${before.slice(0, 10)} limit ${chunkSize})`,
      );
      await removeAll(sql`delete from feed_subscribers where seen_at < ${before}`);
      const arrivals = await removeAll(
        sql`delete from arrival where id in (
          select id from arrival where received_at < ${rawBefore} and state not in ('new', 'quarantined')
          limit ${chunkSize})`,
      );
      const letters = await removeAll(
        sql`delete from letter where id in (
          select id from letter where settled_at < ${lettersBefore} order by settled_at limit ${chunkSize})`,
      );
      const pending = await removePending(pendingBefore);
      return { editions: marked.rows.length, deliveries, arrivals, letters, pending };
    },
    async isSending() {
      // Relays may put some readers off for days, each day anew.
      const row = await database
        .selectFrom('edition')
        .innerJoin('edition_count', 'edition_count.edition_id', 'edition.id')
        .select('edition.id')
        .where('edition.state', '=', 'sending')
        .where('edition_count.state', '=', 'open')
        .where('edition_count.count', '>', 0)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async listOpenIds() {
      const rows = await database
        .selectFrom('edition')
        .select('id')
        .where('state', 'in', [...openEditionStates])
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}
