import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  'alter table delivery add column phase text',
  'alter table delivery add column reply_class text',
  'alter table delivery add column attempted_at text',
  `alter table delivery add column lane text not null default ''`,
  'drop index delivery_due',
  // A domain with many readers has a lane of its own, so that a claim passes it by where it may get nothing for now.
  `create index delivery_due on delivery (edition_id, lane, coalesce(not_before, ''), id)
    where state in ('queued', 'deferred')`,
  `create index delivery_doubt on delivery (edition_id, id) where state = 'in_doubt'`,
  `alter table edition add column lanes text not null default '[""]'`,
  'alter table edition add column sender_faults integer not null default 0',
  'alter table edition add column answered_before integer not null default 0',
  'alter table edition add column paused_at text',
  `create index edition_sending on edition (transport) where state = 'sending'`,
  `create table throttle (
    relay text not null, domain text not null, next_at integer, connections real,
    changed_at integer not null default 0, closed_until integer, refusals integer not null default 0, primary key (relay, domain))`,
];

/** What the engine needs to send at the right pace and to account for what is in doubt. */
export const engine: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
