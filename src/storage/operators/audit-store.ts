import { type Selectable, sql } from 'kysely';
import type { AuditEntry, AuditStore } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';
import type { AuditLogTable } from '../tables/operators.ts';

export function createAuditStore(database: Database): AuditStore {
  return {
    async addEntry({ deed: { operator, action, subject, before, after }, at, undone }) {
      const { id } = await database
        .insertInto('audit_log')
        .values({
          at,
          operator_id: operator.id,
          actor: operator.name,
          email: operator.email,
          action,
          subject,
          before: textOf(before),
          after: textOf(after),
          undone: undone?.id ?? null,
          why: undone?.why ?? null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async listEntries({ actor, action, subject }, after, limit) {
      let query = database.selectFrom('audit_log').selectAll().orderBy('id', 'desc').limit(limit);
      if (after !== null) query = query.where('id', '<', after);
      // Somebody at a command has no address.
      if (actor?.includes('@')) query = query.where('email', '=', actor);
      else if (actor !== undefined) query = query.where('email', 'is', null).where('actor', '=', actor);
      if (action !== undefined) query = query.where('action', '=', action);
      if (subject !== undefined) query = query.where('subject', '=', subject);
      return (await query.execute()).map(entryOf);
    },
    async listActions() {
      // From each to the next on the index: `distinct` would go through all entries.
      const { rows } = await sql<{ action: string }>`
        with recursive found (action) as (
          select min(action) from audit_log
          union all select (select min(action) from audit_log where audit_log.action > found.action) from found
            where found.action is not null)
        select action from found where action is not null`.execute(database);
      return rows.map(({ action }) => action);
    },
  };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function entryOf(row: Selectable<AuditLogTable>): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    actor: { id: row.operator_id, name: row.actor, email: row.email },
    action: row.action,
    subject: row.subject,
    before: row.before,
    after: row.after,
    undone: row.undone === null ? null : { id: row.undone, why: row.why ?? '' },
  };
}
