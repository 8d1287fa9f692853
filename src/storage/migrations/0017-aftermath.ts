import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  // Few among many, so that a list of them is read without the others. Those that are sent are listed by their ids: an
  // index on them would be written for every message.
  `create index delivery_rest on delivery (edition_id, state, id)
    where state in ('excluded', 'deferred', 'failed', 'in_doubt', 'cancelled')`,
  // Without the state in it, SQLite took the index of all for as good.
  'drop index delivery_doubt',
  'create index delivery_reason on delivery (edition_id, reason, id) where reason is not null',
  `create index delivery_returned on delivery (edition_id, outcome, id) where outcome in ('bounced', 'complained')`,
  `create table edition_return (
    edition_id text not null references edition (id), outcome text not null, count integer not null,
    primary key (edition_id, outcome))`,
  `insert into edition_return (edition_id, outcome, count)
    select edition_id, outcome, count(*) from delivery where outcome in ('bounced', 'complained') group by 1, 2`,
  // Which deliveries an arrival was about: what came back is read beside what was sent.
  `create table arrival_delivery (
    delivery_id integer not null references delivery (id) on delete cascade,
    arrival_id integer not null references arrival (id) on delete cascade, primary key (delivery_id, arrival_id))
    without rowid`,
  'create index arrival_delivery_arrival on arrival_delivery (arrival_id)',
  // Variants that hold an article which was withdrawn since: none of their deliveries begins any more.
  `create table edition_withdrawal (
    edition_id text not null references edition (id), variant integer not null, primary key (edition_id, variant))
    without rowid`,
  'create index edition_newest on edition (due_at, created_at, id)',
];

/** What became of an edition's readers, found without reading all of them. */
export const aftermath: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
