import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  // One row: how this ledger is known from others, and how far it has come. See src/schedule/restore-guard.ts.
  `create table ledger_beat (
    ledger text primary key, beats integer not null, at text not null, beaten_by text not null, restored_at text)`,
  `create table guard_mark (newsletter text primary key, reason text not null, since text not null)`,
  `create table notice (
    id integer primary key autoincrement, kind text not null, edition_id text, about text not null,
    sentence text not null, what_to_do text not null, at text not null)`,
  'create index notice_equal on notice (kind, edition_id, about, at)',
  `create table notice_copy (
    notice_id integer not null references notice (id) on delete cascade, target text not null, tries integer not null,
    not_before text not null, primary key (notice_id, target))`,
  // Deliveries that have been kept for long enough go; the sums of their edition stay.
  'alter table edition add column pruned_at text',
  'drop trigger delivery_removed',
  `create trigger delivery_removed after delete on delivery
    when (select pruned_at from edition where id = old.edition_id) is null
    begin
      insert into edition_count (edition_id, state, count) values (old.edition_id, old.state, -1)
      on conflict (edition_id, state) do update set count = count + (-1);
    end`,
];

/** The ledger's heartbeat, what a restored one holds back, and what operators are told. */
export const upkeep: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
