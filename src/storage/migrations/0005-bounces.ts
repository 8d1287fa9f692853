import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  'alter table delivery add column outcome text',
  `create table arrival (
    id integer primary key autoincrement, key text not null unique, source text not null, received_at text not null,
    raw blob not null, state text not null, kind text, note text, reader integer not null default 0, handled_at text)`,
  `create index arrival_open on arrival (state, id) where state in ('new', 'quarantined')`,
  'create index arrival_received on arrival (received_at)',
  `create table mailbox_position (
    mailbox text primary key, uid_validity text not null, uid integer not null)`,
  `create table bounce (
    delivery_id integer primary key references delivery (id) on delete cascade, address_key text not null,
    class text not null, status text, said text not null, sent_at text not null, at text not null,
    counts integer not null)`,
  'create index suppression_since on suppression (since, address_key)',
  'create index bounce_counting on bounce (address_key) where counts = 1',
];

/** What comes back: kept raw, and what it says of each delivery and each address. */
export const bounces: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
