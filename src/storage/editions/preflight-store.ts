import { sql } from 'kysely';
import type { PreflightStore } from '../../schedule/index.ts';
import type { Database } from '../database/database.ts';

export function createPreflightStore(database: Database): PreflightStore {
  return {
    async keepPreflight(editionId, { fingerprint, report }) {
      await sql`insert into edition_preflight (edition_id, fingerprint, at, report)
        select id, ${fingerprint}, ${report.at}, ${JSON.stringify(report)} from edition where id = ${editionId}
        on conflict do update set fingerprint = excluded.fingerprint, at = excluded.at, report = excluded.report`.execute(
        database,
      );
    },
    async findPreflight(editionId) {
      const row = await database
        .selectFrom('edition_preflight')
        .select(['fingerprint', 'report'])
        .where('edition_id', '=', editionId)
        .executeTakeFirst();
      return row ? { fingerprint: row.fingerprint, report: JSON.parse(row.report) } : null; // as keepPreflight wrote it
    },
  };
}
