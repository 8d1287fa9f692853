import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { plusMs } from '../../clock.ts';
import type { BeatenBy, GuardStore, SuspicionReason } from '../../schedule/index.ts';
import type { Database } from '../database/database.ts';
import { editionOf } from '../editions/edition-row.ts';

/** A pass doesn't take the heart from a worker that beat so lately. */
const workerBeatMs = 30_000;

export function createGuardStore(database: Database): GuardStore {
  return {
    async findBeat() {
      const row = await database.selectFrom('ledger_beat').selectAll().executeTakeFirst();
      if (!row) return null;
      const by = row.beaten_by as BeatenBy; // only this program writes it
      return { ledger: row.ledger, beats: row.beats, at: row.at, by, restoredAt: row.restored_at };
    },
    beat: (by, now, least = 1) =>
      database.transaction().execute(async (tx) => {
        const isWorkers = sql<string>`case when beaten_by = 'worker' and at > ${plusMs(now, -workerBeatMs)} then 'worker' else ${by} end`;
        const beaten = await tx
          .updateTable('ledger_beat')
          .set((eb) => ({ beats: sql`max(${eb('beats', '+', 1)}, ${least})`, at: now, beaten_by: isWorkers }))
          .returningAll()
          .executeTakeFirst();
        const row =
          beaten ??
          (await tx
            .insertInto('ledger_beat')
            .values({ ledger: randomUUID(), beats: least, at: now, beaten_by: by, restored_at: null })
            .returningAll()
            .executeTakeFirstOrThrow());
        return { ledger: row.ledger, beats: row.beats, at: row.at, by, restoredAt: row.restored_at };
      }),
    suspect: ({ reason, since, editions, newsletters }, now) =>
      database.transaction().execute(async (tx) => {
        for (const newsletter of newsletters) {
          await tx
            .insertInto('guard_mark')
            .values({ newsletter, reason, since: now })
            .onConflict((conflict) => conflict.column('newsletter').doUpdateSet({ reason, since: now }))
            .execute();
        }
        await tx.updateTable('ledger_beat').set({ restored_at: null }).execute();
        if (editions.length === 0) return [];
        const firstStood = sql<string>`coalesce(paused_at, ${since})`;
        const held = await tx
          .updateTable('edition')
          // Its expiry is put off by the time that it waits.
          .set({ state: 'held', reason, paused_at: firstStood, freezer: null, freezer_until: null })
          .where('id', 'in', [...editions])
          .where('state', 'in', ['approved', 'sending', 'paused', 'held'])
          .returningAll()
          .execute();
        return held.map(editionOf);
      }),
    async findMark(newsletter) {
      const row = await database
        .selectFrom('guard_mark')
        .select('reason')
        .where('newsletter', '=', newsletter)
        .executeTakeFirst();
      return (row?.reason as SuspicionReason | undefined) ?? null; // only this program writes it
    },
    async clearMark(newsletter) {
      await database.deleteFrom('guard_mark').where('newsletter', '=', newsletter).execute();
    },
  };
}
