import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Insertable, Selectable } from 'kysely';
import type { Article, ArticleRecord, ArticleStore, BodyRecord, ContentProblem } from '../content/index.ts';
import type { Database } from './database.ts';
import type { ArticleBodyTable, ArticleTable } from './schema.ts';

/** What one transaction or one page may hold, so that neither takes more than about 50 ms. */
const maxRows = 1000;
const maxTextLength = 2_000_000;

/** The id ledger and the last good version of every article, in the tables `article` and `article_body`. */
export function createArticleStore(db: Database): ArticleStore {
  return {
    async listRecords() {
      const records: ArticleRecord[] = [];
      let after = '';
      for (;;) {
        const rows = await db
          .selectFrom('article')
          .selectAll()
          .where('id', '>', after)
          .orderBy('id')
          .limit(maxRows)
          .execute();
        for (const row of rows) records.push(recordOf(row));
        const last = rows.at(-1);
        if (!last || rows.length < maxRows) return records;
        after = last.id;
        await nextTurn();
      }
    },

    async saveRecords(records) {
      for (const rows of inChunks(records, rowOf, (row) => row.article.length)) {
        await db.transaction().execute((transaction) =>
          transaction
            .insertInto('article')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet(({ ref }) => ({
                path: ref('excluded.path'),
                size: ref('excluded.size'),
                mtime_ms: ref('excluded.mtime_ms'),
                render_key: ref('excluded.render_key'),
                body_hash: ref('excluded.body_hash'),
                article: ref('excluded.article'),
                gone_at: ref('excluded.gone_at'),
              })),
            )
            .execute(),
        );
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

    async saveBodies(bodies) {
      for (const rows of inChunks(bodies, bodyRowOf, (row) => row.html.length)) {
        await db.transaction().execute((transaction) =>
          transaction
            .insertInto('article_body')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('article_id').doUpdateSet(({ ref }) => ({
                version: ref('excluded.version'),
                html: ref('excluded.html'),
                problems: ref('excluded.problems'),
              })),
            )
            .execute(),
        );
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

function rowOf(record: ArticleRecord): Insertable<ArticleTable> {
  return {
    id: record.article.id,
    path: record.path,
    size: record.size,
    mtime_ms: record.mtimeMs,
    render_key: record.renderKey,
    body_hash: record.bodyHash,
    article: JSON.stringify(withoutEmptyLists(record.article)),
    gone_at: record.goneAt,
  };
}

/** Of a hundred thousand articles most lists are empty: to make each of them anew takes a third of a start. */
const emptyLists = {
  authors: [],
  countries: [],
  topics: [],
  aliases: [],
  formerAddresses: [],
  sources: [],
  corrections: [],
  attachments: [],
} as const satisfies Partial<Article>;

function withoutEmptyLists(article: Article): Partial<Article> {
  const { authors, countries, topics, aliases, formerAddresses, sources, corrections, attachments, ...rest } = article;
  const lists = { authors, countries, topics, aliases, formerAddresses, sources, corrections, attachments };
  return { ...rest, ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) };
}

function recordOf(row: Selectable<ArticleTable>): ArticleRecord {
  return {
    path: row.path,
    size: row.size,
    mtimeMs: row.mtime_ms,
    renderKey: row.render_key,
    bodyHash: row.body_hash,
    // Only saveRecords writes this column.
    article: { ...emptyLists, ...(JSON.parse(row.article) as Article) },
    goneAt: row.gone_at,
  };
}

function bodyRowOf({ articleId, version, html, problems }: BodyRecord): Insertable<ArticleBodyTable> {
  return { article_id: articleId, version, html, problems: JSON.stringify(problems) };
}

function bodyOf(row: Selectable<ArticleBodyTable>): BodyRecord {
  return { articleId: row.article_id, version: row.version, html: row.html, problems: problemsOf(row) };
}

function problemsOf({ problems }: Pick<ArticleBodyTable, 'problems'>): readonly ContentProblem[] {
  return JSON.parse(problems) as ContentProblem[]; // only saveBodies writes this column
}
