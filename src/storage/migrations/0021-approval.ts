import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  `create table edition_approval (
    id integer primary key,
    edition_id text not null references edition (id) on delete cascade,
    manifest text not null,
    operator_id integer,
    name text not null,
    at text not null,
    voided_at text,
    why text not null default '[]'
  )`,
  'create index edition_approval_of on edition_approval (edition_id, id)',
  'create index audit_log_undone on audit_log (undone) where undone is not null',
  `create table edition_preflight (
    edition_id text primary key references edition (id) on delete cascade,
    fingerprint text not null,
    at text not null,
    report text not null
  ) without rowid`,
];

/** Who approved what of an edition, and what deserved a look when it was last looked at. */
export const approval: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
