import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  'alter table letter add column outcome text',
  'drop index bounce_counting',
  'alter table bounce rename to bounce_before',
  `create table bounce (
    id integer primary key autoincrement, delivery_id integer unique references delivery (id) on delete cascade,
    letter_id integer unique references letter (id) on delete cascade, address_key text not null, class text not null,
    status text, said text not null, sent_at text not null, at text not null, counts integer not null)`,
  `insert into bounce (delivery_id, address_key, class, status, said, sent_at, at, counts)
    select delivery_id, address_key, class, status, said, sent_at, at, counts from bounce_before`,
  'drop table bounce_before',
  'create index bounce_counting on bounce (address_key) where counts = 1',
];

/** What comes back of letters to single readers counts against their addresses as what comes back of editions does. */
export const returnedLetters: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
