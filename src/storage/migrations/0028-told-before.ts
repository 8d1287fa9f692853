import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Articles that an edition's story could have been told by: those with its slug, the original among them. */
const versionsOf = (storyKey: string): string => `
  from version_before as original join version_before as version on version.story = original.story
  where original.id = ${storyKey}`;

/**
 * The language of the article that a story was told by: the one with that headline; else the edition's own where there
 * was a translation; else the original's.
 */
const toldLang = `coalesce(
  (select version.lang ${versionsOf('story_key')} and version.title = told.title
    order by version.lang = told.lang desc, version.id = original.id desc limit 1),
  (select version.lang ${versionsOf('story_key')} and version.lang = told.lang and version.published_at <= frozen_at
    limit 1),
  (select lang from version_before where id = story_key),
  told.lang)`;

const steps = [
  // Some databases had 0017 before it made this one.
  `create table if not exists edition_withdrawal (
    edition_id text not null references edition (id), variant integer not null, primary key (edition_id, variant))
    without rowid`,
  // Editions frozen before stories were told in other languages than the mail's don't say which article told them.
  `create temp table told_before as
    select edition_id, edition_pieces.lang, story.key as place, story.value ->> 'storyKey' as story_key,
      story.value ->> 'title' as title, frozen_at, cast(null as text) as told_lang
    from edition_pieces join edition on edition.id = edition_id, json_each(pieces, '$.stories') as story
    where pieces ->> '$.stories[0].lang' is null`,
  'create index temp.told_before_of on told_before (edition_id, lang, story_key)',
  `create temp table version_before as
    select id, record ->> '$.article.lang' as lang, details ->> '$.title' as title,
      coalesce(record ->> '$.article.storySlug', record ->> '$.article.slug') as story,
      record ->> '$.article.publishedAt' as published_at,
      coalesce(record ->> '$.article.updated', record ->> '$.article.date') as updated
    from article where exists (select 1 from told_before) and record ->> '$.article.publishedAt' is not null`,
  'create unique index temp.version_before_id on version_before (id)',
  'create index temp.version_before_story on version_before (story)',
  `update told_before as told set told_lang = ${toldLang}`,
  `update edition_pieces set pieces = json_set(pieces, '$.stories', (
      select json_group_array(json_set(story.value, '$.lang', told_lang) order by place)
      from json_each(edition_pieces.pieces, '$.stories') as story join told_before as told
        on told.edition_id = edition_pieces.edition_id and told.lang = edition_pieces.lang and place = story.key))
    where (edition_id, lang) in (select edition_id, lang from told_before)`,
  `update edition_variant set stories = (
      select json_group_array(json_set(story.value, '$.lang', coalesce(told_lang, story.value ->> 'lang')) order by story.key)
      from json_each(edition_variant.stories) as story left join told_before as told
        on told.edition_id = edition_variant.edition_id and told.lang = edition_variant.lang
          and story_key = story.value ->> 'key')
    where edition_id in (select edition_id from told_before)`,
  // So that what is withdrawn from now on is kept out of their rest.
  `update edition_story set versions = coalesce(
      (select json_group_object(version.id, version.updated) ${versionsOf('edition_story.story_key')}), '{}')
    where versions = '{}' and edition_id in (select edition_id from told_before
      join edition on edition.id = edition_id where state in ('approved', 'sending', 'paused', 'held'))`,
  'drop table told_before',
  'drop table version_before',
];

/** Lets editions that were frozen by earlier versions say which articles told their stories: else nothing of them is shown. */
export const toldBefore: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
