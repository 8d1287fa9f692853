import { type Kysely, type Selectable, sql } from 'kysely';
import { type Instant, plusMs } from '../../clock.ts';
import {
  type ImportedRow,
  type ImportJob,
  type ImportJobState,
  type ImportJobStore,
  importJobTransitions,
  noRows,
} from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import type { ImportJobTable } from '../tables/readers.ts';

/** Without a sign of life for so long, the process that did it is gone. */
const silenceMs = 60_000;

/** Rows left out that are kept of a file; of one that is wrong throughout the first say enough. */
const keptRefusals = 10_000;
const pageSize = 500;

/** Imports, one at a time. */
export function createImportJobStore(database: Database): ImportJobStore {
  const findRow = async (tx: Kysely<Schema>, now: Instant): Promise<ImportJob | null> => {
    const row = await tx.selectFrom('import_job').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
    return row ? jobOf(row, now) : null;
  };
  /** What moves to a state only from those that it may come from. */
  const isFrom = (state: ImportJobState) =>
    Object.entries(importJobTransitions).flatMap(([from, to]) => (to.includes(state) ? [from] : []));
  const removeAll = (tx: Kysely<Schema>): Promise<unknown> => sql`delete from import_job`.execute(tx);

  return {
    find: (now) => findRow(database, now),

    create: ({ fileName, size, preview }, now) =>
      database.transaction().execute(async (tx) => {
        const known = await findRow(tx, now);
        if (known?.state === 'running') return null;
        await removeAll(tx);
        const { insertId } = await tx
          .insertInto('import_job')
          .values({ file_name: fileName, size, preview: JSON.stringify(preview), state: 'uploaded', created_at: now })
          .executeTakeFirstOrThrow();
        return Number(insertId);
      }),

    start: (id, { consent, newsletters }, now) =>
      database.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('import_job')
          .set({
            state: 'running',
            preview: '',
            consent,
            newsletters: JSON.stringify(newsletters),
            started_at: now,
            beat_at: now,
            finished_at: null,
            read_bytes: 0,
            counts: JSON.stringify(noRows),
            fault: null,
          })
          .where('id', '=', id)
          .where((eb) =>
            eb.or([
              eb('state', 'in', isFrom('running')),
              eb.and([eb('state', '=', 'running'), eb('beat_at', '<', plusMs(now, -silenceMs))]),
            ]),
          )
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        await tx.deleteFrom('import_refusal').where('job_id', '=', id).execute();
        return true;
      }),

    keep: (id, { readBytes, counts }, refused, now) =>
      database.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('import_job')
          .set({ read_bytes: readBytes, counts: JSON.stringify(counts), beat_at: now })
          .where('id', '=', id)
          .where('state', '=', 'running')
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        const room = keptRefusals - (counts.refused - refused.length);
        const rows = refused
          .slice(0, Math.max(0, room))
          .map(({ line, email, field, reason }) => ({ job_id: id, line, email, field, reason }));
        if (rows.length > 0) {
          await tx
            .insertInto('import_refusal')
            .values(rows)
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
        return true;
      }),

    async end(id, state, fault, now) {
      await database
        .updateTable('import_job')
        .set({ state, fault, finished_at: now })
        .where('id', '=', id)
        .where('state', 'in', isFrom(state))
        .execute();
    },

    remove: (id, now) =>
      database.transaction().execute(async (tx) => {
        const known = await findRow(tx, now);
        if (known?.id !== id) return true;
        if (known.state === 'running') return false;
        await removeAll(tx);
        return true;
      }),

    async *listRefused(id) {
      for (let after = 0; ; ) {
        const rows: Pick<ImportedRow, 'line' | 'email' | 'field' | 'reason'>[] = await database
          .selectFrom('import_refusal')
          .select(['line', 'email', 'field', 'reason'])
          .where('job_id', '=', id)
          .where('line', '>', after)
          .orderBy('line')
          .limit(pageSize)
          .execute();
        yield* rows;
        const last = rows.at(-1);
        if (rows.length < pageSize || last === undefined) return;
        after = last.line;
      }
    },
  };
}

function jobOf(row: Selectable<ImportJobTable>, now: Instant): ImportJob {
  const state = row.state as ImportJobState; // only these are ever written
  const isSilent = state === 'running' && (row.beat_at ?? '') < plusMs(now, -silenceMs);
  return {
    id: Number(row.id),
    fileName: row.file_name,
    size: row.size,
    state: isSilent ? 'interrupted' : state,
    preview: row.preview === '' ? null : JSON.parse(row.preview),
    consent: row.consent,
    newsletters: JSON.parse(row.newsletters),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    readBytes: row.read_bytes,
    counts: { ...noRows, ...JSON.parse(row.counts) },
    fault: row.fault,
  };
}
