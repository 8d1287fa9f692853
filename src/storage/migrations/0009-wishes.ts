import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  // What a subscription was when its reader left, so that it can be undone.
  'alter table subscription add column left_from text',
  // One address a reader wants to change to; a newer one replaces it.
  `create table address_change (
    id integer primary key autoincrement,
    subscriber_id integer not null unique references subscriber (id) on delete cascade, email text not null,
    at text not null)`,
];

/** What readers change by their own links: leaving that can be undone, an address on its way. */
export const wishes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
