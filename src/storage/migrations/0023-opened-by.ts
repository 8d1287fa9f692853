import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  'alter table edition add column opened_by_id integer',
  `update edition set opened_by_id = (select min(id) from operator where name = edition.opened_by)
    where opened_by is not null`,
];

/** Who asked for an edition, by number: names change. */
export const openedBy: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
