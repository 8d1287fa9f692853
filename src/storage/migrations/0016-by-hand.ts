import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const count = (row: 'new' | 'old', by: string): string =>
  `insert into edition_count (edition_id, state, lane, count) values (${row}.edition_id, ${row}.state, ${row}.lane, ${by})
    on conflict (edition_id, state, lane) do update set count = count + (${by});`;

const steps = [
  `alter table edition add column audience text not null default '{"languages":[],"countries":[],"gotEdition":null}'`,
  'alter table edition add column request_token text',
  'alter table edition add column opened_by text',
  'create unique index edition_request on edition (request_token) where request_token is not null',
  // What is due next is looked for every second.
  `create index edition_approved on edition (due_at) where state = 'approved'`,
  // A draft of the schedule and an edition by hand stand beside each other.
  'drop index edition_open',
  `create unique index edition_open on edition (newsletter, rhythm)
    where state in ('approved', 'sending', 'paused', 'held')`,
  `create unique index edition_draft on edition (newsletter, rhythm) where state = 'draft'`,
  // Counts by lane, so that what became of a large domain's readers is known without reading a million rows.
  'drop trigger delivery_added',
  'drop trigger delivery_moved',
  'drop trigger delivery_removed',
  'alter table edition_count rename to edition_count_before',
  `create table edition_count (
    edition_id text not null references edition (id), state text not null, lane text not null, count integer not null,
    primary key (edition_id, state, lane))`,
  // Where all is in one lane, or the deliveries are gone, the sums are what they were.
  `insert into edition_count (edition_id, state, lane, count)
    select edition_id, edition_count_before.state, '', count from edition_count_before
    join edition on edition.id = edition_id where lanes = '[""]' or pruned_at is not null`,
  `insert into edition_count (edition_id, state, lane, count)
    select edition_id, delivery.state, lane, count(*) from edition
    join delivery on delivery.edition_id = edition.id where lanes <> '[""]' and pruned_at is null group by 1, 2, 3`,
  'drop table edition_count_before',
  `create trigger delivery_added after insert on delivery begin ${count('new', '1')} end`,
  `create trigger delivery_moved after update of state on delivery when old.state <> new.state begin
    ${count('old', '-1')} ${count('new', '1')} end`,
  `create trigger delivery_removed after delete on delivery
    when (select pruned_at from edition where id = old.edition_id) is null
    begin ${count('old', '-1')} end`,
];

/** Editions by hand: to whom, asked for by which form, beside the schedule's draft; counts by large domains. */
export const byHand: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
