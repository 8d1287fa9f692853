import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import {
  type ArticleRecord,
  type ArticleStore,
  type BodyRecord,
  type ContentProblem,
  createRecordPacker,
} from '../../content/index.ts';
import { lazily } from '../../lazily.ts';
import { connectionOf, type Database, inTransaction } from '../database/database.ts';
import type { ArticleBodyTable } from '../tables/publishing.ts';
import { type ArticleRows, articleRowOf, recordsOfRows } from './article-row.ts';

/** What one transaction or one page may hold, so that neither takes more than about 50 ms. */
const maxRows = 1000;
const maxTextLength = 2_000_000;

/** The id ledger and the last good version of every article, in the tables `article` and `article_body`. */
export function createArticleStore(db: Database): ArticleStore {
  // Prepared once and run for each row: a builder's statement for a thousand rows takes several times as long.
  const saveRecord = lazily(() =>
    connectionOf(db).prepare(
      `insert into article (id, record, details) values (?, ?, ?)
        on conflict (id) do update set record = excluded.record, details = excluded.details`,
    ),
  );
  const saveBody = lazily(() =>
    connectionOf(db).prepare(
      `insert into article_body (article_id, version, html, problems) values (?, ?, ?, ?)
        on conflict (article_id) do update set
          version = excluded.version, html = excluded.html, problems = excluded.problems`,
    ),
  );
  return {
    async listRecords() {
      const packer = createRecordPacker();
      const records: ArticleRecord[] = [];
      let after: string | null = '';
      while (after !== null) {
        const page: ArticlePage | undefined = (await pageAfter(after).execute(db)).rows[0];
        after = page?.last ?? null;
        if (page && after !== null) records.push(...recordsOfRows(page, packer));
        await nextTurn();
      }
      return records;
    },

    async saveRecords(records) {
      for (const rows of inChunks(records, articleRowOf, (row) => row.record.length + row.details.length)) {
        await inTransaction(db, async () => {
          for (const { id, record, details } of rows) saveRecord().run(id, record, details);
        });
        await nextTurn();
      }
    },

    async findBodies(articleIds) {
      const bodies: BodyRecord[] = [];
      for (const ids of inChunks(
        articleIds,
        (id) => id,
        () => 0,
      )) {
        const rows = await db.selectFrom('article_body').selectAll().where('article_id', 'in', ids).execute();
        bodies.push(...rows.map(bodyOf));
      }
      return bodies;
    },

    async *listBodies() {
      for (let after: string | undefined = ''; after !== undefined; ) {
        const rows: Selectable<ArticleBodyTable>[] = await db
          .selectFrom('article_body')
          .selectAll()
          .where('article_id', '>', after)
          .orderBy('article_id')
          .limit(maxRows)
          .execute();
        yield rows.map(bodyOf);
        after = rows.at(-1)?.article_id;
        await nextTurn();
      }
    },

    async saveBodies(bodies) {
      for (const some of inChunks(
        bodies,
        (body) => body,
        ({ html }) => html.length,
      )) {
        await inTransaction(db, async () => {
          for (const { articleId, version, html, problems } of some) {
            saveBody().run(articleId, version, html, JSON.stringify(problems));
          }
        });
      }
    },

    async listBodyProblems() {
      const rows = await db
        .selectFrom('article_body')
        .select(['article_id', 'problems'])
        .where('problems', '<>', '[]')
        .execute();
      return new Map(rows.map((row) => [row.article_id, problemsOf(row)]));
    },
  };
}

interface ArticlePage extends ArticleRows {
  /** The greatest id in it; null where it is empty. */
  readonly last: string | null;
}

/** The aggregates see the rows of one subquery in one order, whatever that is. */
function pageAfter(after: string): RawBuilder<ArticlePage> {
  return sql`select max(id) as last, '[' || group_concat(record) || ']' as records,
      cast(group_concat(details, '') as blob) as details, '[' || group_concat(octet_length(details)) || ']' as lengths
    from (select id, record, details from article where id > ${after} order by id limit ${maxRows})`;
}

/** Rows are made as they are needed: of a hundred thousand only a chunk's at a time. */
function* inChunks<Item, Row>(
  items: readonly Item[],
  rowOfItem: (item: Item) => Row,
  lengthOf: (row: Row) => number,
): Generator<Row[]> {
  let chunk: Row[] = [];
  let length = 0;
  for (const item of items) {
    const row = rowOfItem(item);
    const own = lengthOf(row);
    if (chunk.length > 0 && (chunk.length === maxRows || length + own > maxTextLength)) {
      yield chunk;
      chunk = [];
      length = 0;
    }
    chunk.push(row);
    length += own;
  }
  if (chunk.length > 0) yield chunk;
}

function bodyOf(row: Selectable<ArticleBodyTable>): BodyRecord {
  return { articleId: row.article_id, version: row.version, html: row.html, problems: problemsOf(row) };
}

function problemsOf({ problems }: Pick<ArticleBodyTable, 'problems'>): readonly ContentProblem[] {
  return JSON.parse(problems) as ContentProblem[]; // only saveBodies writes this column
}
