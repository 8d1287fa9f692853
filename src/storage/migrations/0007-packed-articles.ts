import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What isn't read at a start; only where it is there, since the first versions didn't know all of it. */
const details = [
  'title',
  'summary',
  'place',
  'image',
  'audio',
  'link',
  'url',
  'sources',
  'priority',
  'corrections',
  'words',
];
const core = [
  'id',
  'lang',
  'slug',
  'path',
  'status',
  'date',
  'updated',
  'publishedAt',
  'archiveDate',
  'withdrawnAt',
  'storySlug',
  'authors',
  'countries',
  'topics',
  'aliases',
  'formerAddresses',
  'attachments',
  'contentHash',
];
const without = (keys: readonly string[]): string =>
  `json_remove(article, ${keys.map((key) => `'$.${key}'`).join(', ')})`;

const steps = [
  `create table packed_article (id text primary key, record text not null, details text not null)`,
  `insert into packed_article (id, record, details)
    select id,
      json_object('path', path, 'size', size, 'mtimeMs', mtime_ms, 'renderKey', render_key, 'bodyHash', body_hash,
        'goneAt', gone_at, 'article', json(${without(details)})),
      ${without(core)}
    from article`,
  `drop table article`,
  `alter table packed_article rename to article`,
  `update feed_document set pieces = json_object('start', pieces -> '$.start', 'gap', pieces -> '$.gap',
    'keys', coalesce((select group_concat(value ->> 0, ' ' order by key) from json_each(pieces, '$.pieces')), ''),
    'lengths', json((select json_group_array(value -> 1 order by key) from json_each(pieces, '$.pieces'))))`,
];

/** Of each article a record that a start reads, and details that it takes along unread; documents' pieces without pairs. */
export const packedArticles: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
