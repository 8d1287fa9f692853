import type { ExaminationStore, Finding } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';

/** In the table `examination`, which has one row at most. */
export function createExaminationStore(database: Database): ExaminationStore {
  return {
    async saveExamination({ at, findings }) {
      const row = { at, findings: JSON.stringify(findings) };
      await database
        .insertInto('examination')
        .values({ id: 1, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    },
    async findExamination() {
      const row = await database.selectFrom('examination').select(['at', 'findings']).executeTakeFirst();
      return row ? { at: row.at, findings: JSON.parse(row.findings) as Finding[] } : null; // written above
    },
  };
}
