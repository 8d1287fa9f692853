import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const count = (row: 'new' | 'old', by: string): string =>
  `insert into edition_count (edition_id, state, count) values (${row}.edition_id, ${row}.state, ${by})
    on conflict (edition_id, state) do update set count = count + (${by});`;

/** Every change of a delivery's state moves the counts in the same transaction. */
const countTriggers = [
  `create trigger delivery_added after insert on delivery begin ${count('new', '1')} end`,
  `create trigger delivery_moved after update of state on delivery when old.state <> new.state begin
    ${count('old', '-1')} ${count('new', '1')} end`,
  `create trigger delivery_removed after delete on delivery begin ${count('old', '-1')} end`,
];

const tables = [
  `create table article (
    id text primary key, path text not null, size integer not null, mtime_ms real not null,
    render_key text not null, body_hash text not null, article text not null, gone_at text)`,
  'create index article_path on article (path)',
  'create table feed_document (path text primary key, hash text not null, changed_at text not null)',
  `create table subscriber (
    id integer primary key autoincrement, email text, name text, address_key text not null unique, lang text not null,
    choice text not null, timezone text, state text not null, sample integer not null default 0,
    created_at text not null)`,
  'create index subscriber_email on subscriber (email)',
  `create table subscription (
    subscriber_id integer not null references subscriber (id) on delete cascade, newsletter text not null,
    state text not null, since text not null, source text not null, primary key (newsletter, subscriber_id))`,
  'create index subscription_subscriber on subscription (subscriber_id)',
  `create table consent (
    id integer primary key autoincrement, subscriber_id integer not null references subscriber (id) on delete cascade,
    what text not null, source text not null, at text not null)`,
  'create index consent_subscriber on consent (subscriber_id)',
  'create table suppression (address_key text primary key, reason text not null, since text not null)',
  `create table newsletter_seen (
    newsletter text not null, transport text not null, since text not null, primary key (newsletter, transport))`,
  `create table edition (
    id text primary key, newsletter text not null, key text not null, state text not null, reason text,
    "trigger" text not null, selection text not null, due_at text not null, cutoff text, transport text, created_at text not null,
    frozen_at text, finished_at text, expires_at text, candidates integer not null default 0,
    freezer text, freezer_until text,
    unique (newsletter, key))`,
  `create unique index edition_open on edition (newsletter)
    where state in ('draft', 'approved', 'sending', 'paused', 'held')`,
  `create table edition_story (
    edition_id text not null references edition (id), story_key text not null, position integer not null,
    primary key (edition_id, story_key))`,
  `create table edition_pieces (
    edition_id text not null references edition (id), lang text not null, pieces text not null,
    primary key (edition_id, lang))`,
  `create table edition_variant (
    edition_id text not null references edition (id), number integer not null, lang text not null,
    story_keys text not null, subject text not null, preheader text not null, primary key (edition_id, number))`,
  `create table edition_choice (
    edition_id text not null references edition (id), choice text not null, variant integer,
    primary key (edition_id, choice))`,
  `create table edition_count (
    edition_id text not null references edition (id), state text not null, count integer not null,
    primary key (edition_id, state))`,
  `create table delivery (
    id integer primary key autoincrement, edition_id text not null references edition (id),
    subscriber_id integer references subscriber (id) on delete set null, address text, address_key text not null,
    lang text not null, variant integer, state text not null, reason text, attempts integer not null default 0,
    not_before text, lease_token text, lease_until text, worker text, reply text, message_id text,
    updated_at text not null)`,
  // The reader comes first, so that erasing one finds its rows.
  'create unique index delivery_once on delivery (subscriber_id, edition_id)',
  // Excluded rows never turn into mail: a second entry of one address is recorded as such.
  `create unique index delivery_once_per_address on delivery (edition_id, address_key) where state <> 'excluded'`,
  'create index delivery_edition on delivery (edition_id)',
  `create index delivery_due on delivery (edition_id, coalesce(not_before, ''), id)
    where state in ('queued', 'deferred')`,
  `create index delivery_leased on delivery (lease_until) where state in ('claimed', 'attempting')`,
  ...countTriggers,
  `create table worker (
    id text primary key, host text not null, pid integer not null, transport text not null,
    started_at text not null, heartbeat_at text not null)`,
];

/** The first schema. */
export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of tables) await sql.raw(statement).execute(db);
  },
};
