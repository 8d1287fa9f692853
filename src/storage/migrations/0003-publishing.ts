import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  // The texts get a table of their own: a hundred thousand articles fit into memory without them.
  `create table article_body (
    article_id text primary key, version text not null, html text not null,
    problems text not null)`,
  `create index article_body_faulty on article_body (article_id) where problems <> '[]'`,
  `insert into article_body (article_id, version, html, problems)
    select id, '', json_extract(article, '$.html'), '[]' from article where json_extract(article, '$.html') is not null`,
  `update article set article = json_set(json_remove(article, '$.html', '$.text'),
    '$.formerAddresses', json('[]'), '$.withdrawnAt', null, '$.archiveDate', json_extract(article, '$.date'))`,
  // What each document was put together from. Earlier rows keep their times: equal bytes have not changed.
  `alter table feed_document add column inputs text not null default ''`,
  `alter table feed_document add column pieces text not null default '{"start":0,"gap":0,"pieces":[]}'`,
  `alter table feed_document add column size integer not null default 0`,
  `alter table feed_document add column max_age integer not null default 0`,
];

/** Texts apart from articles; feed documents with the pieces they are made of. */
export const publishing: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
