import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Insertable, Selectable } from 'kysely';
import type { Article, ArticleRecord, ArticleStore } from '../content/index.ts';
import type { Database } from './database.ts';
import type { ArticleTable } from './schema.ts';

/** What one transaction or one page may hold, so that neither takes more than about 50 ms. */
const maxRows = 100;
const maxJsonLength = 1_000_000;

/** The id ledger and the last good version of every article, in the table `article`. */
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
        records.push(...rows.map(recordOf));
        const last = rows.at(-1);
        if (!last || rows.length < maxRows) return records;
        after = last.id;
        await nextTurn();
      }
    },

    async saveRecords(records) {
      for (const rows of inChunks(records.map(rowOf))) {
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
  };
}

function* inChunks(rows: readonly Insertable<ArticleTable>[]): Generator<Insertable<ArticleTable>[]> {
  let chunk: Insertable<ArticleTable>[] = [];
  let length = 0;
  for (const row of rows) {
    if (chunk.length > 0 && (chunk.length === maxRows || length + row.article.length > maxJsonLength)) {
      yield chunk;
      chunk = [];
      length = 0;
    }
    chunk.push(row);
    length += row.article.length;
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
    article: JSON.stringify(record.article),
    gone_at: record.goneAt,
  };
}

function recordOf(row: Selectable<ArticleTable>): ArticleRecord {
  return {
    path: row.path,
    size: row.size,
    mtimeMs: row.mtime_ms,
    renderKey: row.render_key,
    bodyHash: row.body_hash,
    article: JSON.parse(row.article) as Article, // only saveRecords writes this column
    goneAt: row.gone_at,
  };
}
