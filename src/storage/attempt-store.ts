import { plusMs } from '../clock.ts';
import type { AttemptStore } from '../operators/index.ts';
import type { Database } from './database.ts';

export function createAttemptStore(database: Database): AttemptStore {
  return {
    takeAttempt: (rules, now, forgetBefore) =>
      database.transaction().execute(async (tx) => {
        await tx.deleteFrom('sign_in_attempt').where('last_at', '<', forgetBefore).execute();
        const subjects = rules.map(({ subject }) => subject);
        const rows = await tx.selectFrom('sign_in_attempt').selectAll().where('subject', 'in', subjects).execute();
        const openAt = rows.map((row) => row.open_at).reduce((latest, at) => (at > latest ? at : latest), now);
        if (openAt > now) return openAt;
        for (const { subject, waitMs } of rules) {
          const failures = (rows.find((row) => row.subject === subject)?.failures ?? 0) + 1;
          const counted = { failures, last_at: now, open_at: plusMs(now, waitMs(failures)) };
          await tx
            .insertInto('sign_in_attempt')
            .values({ subject, ...counted })
            .onConflict((conflict) => conflict.column('subject').doUpdateSet(counted))
            .execute();
        }
        return null;
      }),
    async clearAttempts(subjects) {
      await database.deleteFrom('sign_in_attempt').where('subject', 'in', subjects).execute();
    },
  };
}
