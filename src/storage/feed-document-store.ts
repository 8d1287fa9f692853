import type { FeedDocumentStore } from '../feeds/index.ts';
import type { Database } from './database.ts';

/** Rows in one statement: SQLite takes 32,766 values. */
const chunk = 1000;

export function createFeedDocumentStore(database: Database): FeedDocumentStore {
  return {
    async listDocuments() {
      const rows = await database.selectFrom('feed_document').selectAll().orderBy('path').execute();
      return rows.map(({ path, hash, changed_at }) => ({ path, hash, changedAt: changed_at }));
    },

    async saveDocuments(records) {
      for (const part of chunks(records)) {
        await database
          .insertInto('feed_document')
          .values(part.map(({ path, hash, changedAt }) => ({ path, hash, changed_at: changedAt })))
          .onConflict((conflict) =>
            conflict.column('path').doUpdateSet((row) => ({
              hash: row.ref('excluded.hash'),
              changed_at: row.ref('excluded.changed_at'),
            })),
          )
          .execute();
      }
    },

    async removeDocuments(paths) {
      for (const part of chunks(paths)) {
        await database.deleteFrom('feed_document').where('path', 'in', part).execute();
      }
    },
  };
}

function chunks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / chunk) }, (_, index) =>
    rows.slice(index * chunk, (index + 1) * chunk),
  );
}
