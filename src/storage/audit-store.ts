import type { AuditStore } from '../operators/index.ts';
import type { Database } from './database.ts';

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
  };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
