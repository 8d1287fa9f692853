import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  'create table relay_trouble (relay text primary key, since text not null, at text not null, said text not null)',
  'alter table throttle add column said text',
];

/** Why mail doesn't leave, in words for people. */
export const relayTrouble: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
