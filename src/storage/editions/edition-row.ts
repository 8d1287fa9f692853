import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import {
  type Arrangement,
  type Edition,
  type EditionAudience,
  type EditionReason,
  type EditionSelection,
  type EditionState,
  type EditionTrigger,
  unarranged,
} from '../../digest/index.ts';
import type { Rhythm } from '../../subscribers/index.ts';
import type { Schema } from '../database/schema.ts';
import type { EditionTable } from '../tables/editions.ts';

/**
 * Of `edition`: in which states a newsletter has one at most, for readers of a rhythm. Word for word the conditions of the
 * indexes that keep it so: SQLite sees no further.
 */
export const isDraft = sql<boolean>`state = 'draft'`;
export const isPending = sql<boolean>`state in ('approved', 'sending', 'paused', 'held')`;

/** Those that aren't over: few among many. */
export const openIds = sql`(select id from edition where ${isDraft} union all select id from edition where ${isPending})`;

export const overStates: readonly EditionState[] = ['sent', 'skipped', 'cancelled'];

/** The edition of a row. Only this program writes the columns, so their words and JSON are trusted. */
export function editionOf(row: Selectable<EditionTable>): Edition {
  return {
    id: row.id,
    newsletter: row.newsletter,
    rhythm: row.rhythm as Rhythm,
    key: row.key,
    state: row.state as EditionState,
    reason: row.reason as EditionReason | null,
    trigger: row.trigger as EditionTrigger,
    selection: JSON.parse(row.selection) as EditionSelection,
    audience: JSON.parse(row.audience) as EditionAudience,
    openedBy: row.opened_by === null ? null : { id: row.opened_by_id, name: row.opened_by },
    arrangement: { ...unarranged, ...(JSON.parse(row.arrangement) as Partial<Arrangement>) },
    revision: row.revision,
    dueAt: row.due_at,
    cutoff: row.cutoff,
    transport: row.transport,
    createdAt: row.created_at,
    frozenAt: row.frozen_at,
    pausedAt: row.paused_at,
    finishedAt: row.finished_at,
    expiresAt: row.expires_at,
  };
}

/** Changes an edition's row; returns the edition as it is then. */
export async function updateEdition(
  tx: Kysely<Schema>,
  id: string,
  changes: Updateable<EditionTable>,
): Promise<Edition> {
  const row = await tx
    .updateTable('edition')
    .set(changes)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return editionOf(row);
}
