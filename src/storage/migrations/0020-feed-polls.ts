import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  `create table feed_poll (
    path text not null, day text not null, polls integer not null, unchanged integer not null,
    primary key (path, day)) without rowid`,
  // What is old goes by day.
  'create index feed_poll_day on feed_poll (day)',
  `create table feed_subscribers (
    path text not null, agent text not null, feed_id text not null, subscribers integer not null, seen_at text not null,
    primary key (path, agent, feed_id)) without rowid`,
];

/** How often each feed is asked for, and how many read it by way of others. */
export const feedPolls: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
