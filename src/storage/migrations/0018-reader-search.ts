import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  // Addresses are ASCII, so that lower() makes them what they are compared by.
  'drop index subscriber_email',
  'create index subscriber_address on subscriber (lower(email))',
  `create index subscriber_waiting on subscriber (lower(email)) where state = 'pending'`,
  `create index subscriber_suspended on subscriber (lower(email)) where state = 'suspended'`,
  'alter table subscriber add column name_key text',
  'create index subscriber_name on subscriber (name_key) where name_key is not null',
  // A file of readers that is, or was, brought in. What was refused of it stays until the next one.
  `create table import_job (
    id integer primary key autoincrement, file_name text not null, size integer not null, preview text not null,
    consent text not null default '', newsletters text not null default '[]', state text not null, created_at text not null,
    started_at text, beat_at text, finished_at text, read_bytes integer not null default 0, counts text not null default '{}',
    fault text)`,
  `create table import_refusal (
    job_id integer not null references import_job (id) on delete cascade, line integer not null, email text not null,
    field text, reason text not null, primary key (job_id, line)) without rowid`,
];

/** As `nameSearchKey` made it when this was written: what is written later goes by what that is then. */
function keyOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  return plain.replace(/\p{M}/gu, '').replaceAll('ς', 'σ').replace(/\s+/gu, ' ').trimStart();
}

const pageSize = 1000;

/** Finding a reader by the beginning of an address or a name; imports that outlive a page. */
export const readerSearch: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
    for (let after = 0; ; ) {
      const { rows } = await sql<{ id: number; name: string }>`
        select id, name from subscriber where id > ${after} and name is not null order by id limit ${pageSize}`.execute(
        db,
      );
      for (const { id, name } of rows) {
        await sql`update subscriber set name_key = ${keyOf(name)} where id = ${id}`.execute(db);
      }
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  },
};
