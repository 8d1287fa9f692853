import { plusMs } from '../../clock.ts';
import type { AttemptStore } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';

export function createAttemptStore(database: Database): AttemptStore {
  return {
    takeAttempt: (rules, now, forgetBefore) =>
      database.transaction().execute(async (tx) => {
        await tx.deleteFrom('sign_in_attempt').where('last_at', '<', forgetBefore).execute();
        const subjects = rules.map(({ subject }) => subject);
        const rows = await tx.selectFrom('sign_in_attempt').selectAll().where('subject', 'in', subjects).execute();
        const openAt = rows.map((row) => row.open_at).reduce((latest, at) => (at > latest ? at : latest), now);
        if (openAt > now) return { openAt, failures: [] };
        const tried: number[] = [];
        for (const { subject, waitMs } of rules) {
          const failures = (rows.find((row) => row.subject === subject)?.failures ?? 0) + 1;
          tried.push(failures);
          const counted = { failures, last_at: now, open_at: plusMs(now, waitMs(failures)) };
          await tx
            .insertInto('sign_in_attempt')
            .values({ subject, ...counted })
            .onConflict((conflict) => conflict.column('subject').doUpdateSet(counted))
            .execute();
        }
        return { openAt: null, failures: tried };
      }),
    async clearAttempts(subjects) {
      await database.deleteFrom('sign_in_attempt').where('subject', 'in', subjects).execute();
    },
    async listAttempts(subjects, since) {
      const rows = await database
        .selectFrom('sign_in_attempt')
        .selectAll()
        .where('subject', 'in', subjects)
        .where('last_at', '>=', since)
        .execute();
      return new Map(rows.map((row) => [row.subject, { tries: row.failures, lastAt: row.last_at }]));
    },
  };
}
