import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  `create table operator (
    id integer primary key,
    email text not null unique,
    name text not null,
    role text not null,
    timezone text not null,
    password_hash text,
    totp_secret text,
    totp_step integer not null default 0,
    created_at text not null
  )`,
  `create table operator_session (
    id integer primary key,
    token_hash text not null unique,
    operator_id integer not null references operator (id) on delete cascade,
    begun_at text not null,
    seen_at text not null,
    client text,
    agent text not null
  )`,
  'create index operator_session_of on operator_session (operator_id)',
  `create table operator_recovery (
    operator_id integer not null references operator (id) on delete cascade,
    code_hash text not null,
    primary key (operator_id, code_hash)
  ) without rowid`,
  // Without an operator: the first one, who isn't there yet.
  `create table operator_link (
    token_hash text primary key,
    operator_id integer references operator (id) on delete cascade,
    expires_at text not null
  )`,
  `create table sign_in_attempt (
    subject text primary key,
    failures integer not null,
    last_at text not null,
    open_at text not null
  )`,
  `create table audit_log (
    id integer primary key autoincrement,
    at text not null,
    operator_id integer,
    actor text not null,
    email text,
    action text not null,
    subject text not null,
    before text,
    after text,
    undone integer references audit_log (id),
    why text
  )`,
  'create index audit_log_operator on audit_log (email, id)',
  'create index audit_log_action on audit_log (action, id)',
  'create index audit_log_subject on audit_log (subject, id)',
  `create trigger audit_log_no_update before update on audit_log
    begin select raise(abort, 'The audit log is only ever added to.'); end`,
  `create trigger audit_log_no_delete before delete on audit_log
    begin select raise(abort, 'The audit log is only ever added to.'); end`,
];

/** Who may sign in to the console, and what they did. */
export const operators: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
