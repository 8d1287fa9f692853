import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  // Of each story's articles the last change, so that an update is known from a story that was had before.
  `alter table edition_story add column versions text not null default '{}'`,
  'create index edition_frozen on edition (frozen_at) where frozen_at is not null',
  'alter table edition_variant rename column story_keys to stories',
  `update edition_variant set stories = (
    select json_group_array(json_object('key', value, 'lang', edition_variant.lang, 'isUpdate', json('false')) order by key)
    from json_each(edition_variant.stories))`,
  `update edition_pieces set pieces = json_set(pieces, '$.besides', json('[]'))`,
  // Readers of one choice who have had other stories before get other variants.
  'alter table edition_choice rename to edition_choice_before',
  `create table edition_choice (
    edition_id text not null references edition (id), choice text not null, had text not null default '', variant integer,
    primary key (edition_id, choice, had))`,
  `insert into edition_choice (edition_id, choice, variant) select edition_id, choice, variant from edition_choice_before`,
  'drop table edition_choice_before',
  // Editions of a newsletter for readers of different rhythms: one may be open for each.
  `alter table edition add column rhythm text not null default 'each'`,
  'drop index edition_open',
  `create unique index edition_open on edition (newsletter, rhythm)
    where state in ('draft', 'approved', 'sending', 'paused', 'held')`,
  // Word for word as the question after readers of a rhythm.
  `create index subscription_rhythm on subscription (newsletter, rhythm) where rhythm <> 'each'`,
];

/** Who gets which stories in which language, and how often. */
export const audience: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
