import type { Kysely } from 'kysely';
import type { ArrangementChange, ArrangementOutcome, KeptChange } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { editionOf } from './edition-row.ts';
import { isHeldUntil } from './freezer-hold.ts';

const arrangeable: ReadonlySet<string> = new Set(['draft', 'approved', 'held']);

/** See `EditionStore.arrangeEdition`. */
export function arrangeEdition(database: Database, id: string, change: ArrangementChange): Promise<ArrangementOutcome> {
  return database.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('edition').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw new AppError('not_found', `There is no edition ${id}.`);
    const edition = editionOf(row);
    if (!arrangeable.has(row.state) || row.frozen_at !== null || isHeldUntil(row.freezer_until))
      return { kind: 'closed', edition };
    if (row.revision !== change.revision) {
      const changes = await changesSince(tx, id, change.revision);
      return { kind: 'outdated', edition, changes };
    }
    const revision = row.revision + 1;
    const arranged = await tx
      .updateTable('edition')
      // Should a freeze be under way all the same, it ends: what it froze is out of date.
      .set({ arrangement: JSON.stringify(change.arrangement), revision, freezer: null, freezer_until: null })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('edition_change')
      .values({ edition_id: id, revision, by: change.by, at: change.now, what: change.what })
      .execute();
    return { kind: 'arranged', edition: editionOf(arranged) };
  });
}

/** See `EditionStore.listArrangementChanges`. */
export async function listArrangementChanges(database: Database, id: string, limit: number): Promise<KeptChange[]> {
  const newest = await database
    .selectFrom('edition_change')
    .select(['revision', 'by', 'at', 'what'])
    .where('edition_id', '=', id)
    .orderBy('revision', 'desc')
    .limit(limit)
    .execute();
  return newest.toReversed();
}

function changesSince(db: Kysely<Schema>, id: string, revision: number): Promise<KeptChange[]> {
  return db
    .selectFrom('edition_change')
    .select(['revision', 'by', 'at', 'what'])
    .where('edition_id', '=', id)
    .where('revision', '>', revision)
    .orderBy('revision')
    .execute();
}
