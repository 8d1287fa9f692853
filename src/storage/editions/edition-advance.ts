import type { Instant } from '../../clock.ts';
import type { Approver, Edition } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Database } from '../database/database.ts';
import { editionOf, updateEdition } from './edition-row.ts';
import { refuseSecond } from './second-edition.ts';

/** See `EditionStore.advanceDraft`. */
export async function advanceDraft(
  database: Database,
  id: string,
  { dueAt, openedBy }: { readonly dueAt: Instant; readonly openedBy: Approver },
): Promise<Edition> {
  return database.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('edition').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    if (row.state !== 'draft') {
      throw new AppError('conflict', `The edition ${id} is ${row.state}, and no draft any more.`);
    }
    await refuseSecond(tx, { ...editionOf(row), state: 'approved' });
    const revision = row.revision + 1;
    const opener = { opened_by: openedBy.name, opened_by_id: openedBy.id };
    return updateEdition(tx, id, { state: 'approved', reason: null, due_at: dueAt, ...opener, revision });
  });
}

/** See `EditionStore.returnToDraft`. */
export async function returnToDraft(database: Database, id: string, dueAt: Instant): Promise<Edition> {
  return database.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('edition').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    // While somebody freezes it, some of its readers may be written already.
    if (row.state !== 'approved' || row.freezer !== null) {
      throw new AppError('conflict', `The edition ${id} has begun to go out, or is over: it can’t be taken back.`);
    }
    await refuseSecond(tx, { ...editionOf(row), state: 'draft' });
    // Whoever is composing it as it was can’t go on.
    const revision = row.revision + 1;
    const opener = { opened_by: null, opened_by_id: null };
    return updateEdition(tx, id, { state: 'draft', reason: null, due_at: dueAt, ...opener, revision });
  });
}
