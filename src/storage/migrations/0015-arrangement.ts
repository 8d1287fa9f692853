import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  "alter table edition add column arrangement text not null default '{}'",
  'alter table edition add column revision integer not null default 0',
  `create table edition_change (
    edition_id text not null references edition (id) on delete cascade,
    revision integer not null,
    by text not null,
    at text not null,
    what text not null,
    primary key (edition_id, revision)
  ) without rowid`,
  // Null in editions frozen before: nobody counts a million rows for it.
  'alter table edition_variant add column readers integer',
];

/** What operators change of an edition before it is frozen, and how many readers each of its variants has. */
export const arrangement: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
