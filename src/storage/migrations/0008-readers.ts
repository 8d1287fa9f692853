import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  `alter table subscriber add column languages text not null default '[]'`,
  `update subscriber set languages = json_array(lang),
    choice = json_object('languages', json_array(lang), 'countries', choice -> '$.countries', 'topics', choice -> '$.topics')`,
  // Frozen editions are joined with it no more; what is still to freeze enters its choices anew.
  `update edition_choice set choice = json_object('languages', json_array(choice ->> '$.lang'),
    'countries', choice -> '$.countries', 'topics', choice -> '$.topics')`,
  `alter table subscription add column rhythm text not null default 'each'`,
  'alter table subscription add column paused_until text',
  'alter table consent rename to consent_before',
  'drop index consent_subscriber',
  `create table consent (
    id integer primary key autoincrement, subscriber_id integer not null references subscriber (id) on delete cascade,
    what text not null, newsletters text not null, lists text not null, wording text not null, lang text not null,
    version text not null, how text not null, at text not null, ip text, reference integer)`,
  `insert into consent (id, subscriber_id, what, newsletters, lists, wording, lang, version, how, at)
    select consent_before.id, subscriber_id, 'vouched', '[]', json_remove(subscriber.choice, '$.lang'), what, subscriber.lang, '',
      case source when 'sample' then 'operator' else source end, at
    from consent_before join subscriber on subscriber.id = subscriber_id`,
  'drop table consent_before',
  'create index consent_subscriber on consent (subscriber_id)',
  // What was asked for at a form, until it has been looked at: an address has one.
  `create table sign_up (
    address_key text primary key, email text not null, wishes text not null, wording text not null, lang text not null,
    version text not null, how text not null, at text not null, ip text)`,
  // The address key stays when the rest is gone: the limits count by it.
  `create table letter (
    id integer primary key autoincrement, kind text not null, subscriber_id integer, address text, address_key text not null,
    lang text not null, payload text not null, state text not null, tries integer not null default 0,
    not_before text not null, reply text, created_at text not null, settled_at text)`,
  `create index letter_due on letter (not_before, id) where state = 'queued'`,
  'create index letter_address on letter (address_key, kind, created_at)',
  'create index letter_subscriber on letter (subscriber_id)',
  'create index letter_settled on letter (settled_at)',
];

/** What readers choose for themselves: languages in order, rhythms, pauses, consents word by word, and letters to one reader. */
export const readers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
