import type { Selectable } from 'kysely';
import type { Approval, ApprovalStore } from '../../digest/index.ts';
import type { Database } from '../database/database.ts';
import type { EditionApprovalTable } from '../tables/approval.ts';

/** What changes nothing of what readers would get. Whatever isn't in it counts as a change. */
const decisions = [
  'editions.approve',
  'editions.withdraw-approval',
  'editions.test',
  'editions.send-early',
  'editions.undo',
  'editions.release',
  'editions.pause',
  'editions.resume',
];

export function createApprovalStore(database: Database): ApprovalStore {
  return {
    async addApproval({ editionId, manifest, by, at }) {
      const row = await database
        .insertInto('edition_approval')
        .values({
          edition_id: editionId,
          manifest: JSON.stringify(manifest),
          operator_id: by.id,
          name: by.name,
          at,
          voided_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return approvalOf(row);
    },
    async findApproval(editionId) {
      const row = await database
        .selectFrom('edition_approval')
        .selectAll()
        .where('edition_id', '=', editionId)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? approvalOf(row) : null;
    },
    async voidApproval(id, why, at) {
      const { numUpdatedRows } = await database
        .updateTable('edition_approval')
        .set({ voided_at: at, why: JSON.stringify(why) })
        .where('id', '=', id)
        .where('voided_at', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('edition_approval as later')
                .select('later.id')
                .whereRef('later.edition_id', '=', 'edition_approval.edition_id')
                .where('later.id', '>', id),
            ),
          ),
        )
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    withdrawApproval: (editionId, why, at) =>
      database.transaction().execute(async (tx) => {
        // Whoever has seen it approved composes another revision, or holds it no more.
        const { numUpdatedRows } = await tx
          .updateTable('edition')
          .set((eb) => ({ revision: eb('revision', '+', 1), freezer: null, freezer_until: null }))
          .where('id', '=', editionId)
          .where('frozen_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await tx
          .updateTable('edition_approval')
          .set({ voided_at: at, why: JSON.stringify([why]) })
          .where('edition_id', '=', editionId)
          .where('voided_at', 'is', null)
          .execute();
        return true;
      }),
    async findLastEditor(editionId) {
      const row = await database
        .selectFrom('audit_log')
        .select(['operator_id as id', 'actor as name'])
        .where('subject', '=', editionId)
        .where('action', 'not in', decisions)
        .where('undone', 'is', null)
        // Entries of what didn't happen after all name those that were begun.
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('audit_log as undoing').select('undoing.id').whereRef('undoing.undone', '=', 'audit_log.id'),
            ),
          ),
        )
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}

function approvalOf(row: Selectable<EditionApprovalTable>): Approval {
  return {
    id: row.id,
    editionId: row.edition_id,
    manifest: JSON.parse(row.manifest), // as addApproval wrote it
    by: { id: row.operator_id, name: row.name },
    at: row.at,
    voidedAt: row.voided_at,
    why: JSON.parse(row.why), // as voidApproval wrote it
  };
}
