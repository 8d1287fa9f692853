import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  `alter table subscriber add column remnants integer not null default 0`,
  'create index subscriber_remnants on subscriber (id) where remnants = 1',
  `create index subscriber_pending on subscriber (created_at) where state = 'pending'`,
];

/** Whose address may still stand in parts of the file that the database doesn't use; who has not confirmed yet. */
export const erasedReaders: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
