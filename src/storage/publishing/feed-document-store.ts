import type { FeedDocumentRecord, FeedDocumentStore, PieceList } from '../../feeds/index.ts';
import type { Database } from '../database/database.ts';

/** Rows in one statement: SQLite takes 32,766 values, and none should take longer than about 50 ms. */
const chunk = 500;

export function createFeedDocumentStore(database: Database): FeedDocumentStore {
  return {
    async listDocuments() {
      const rows = await database.selectFrom('feed_document').selectAll().orderBy('path').execute();
      return rows.map(
        ({ path, hash, size, changed_at, max_age, inputs, pieces }): FeedDocumentRecord => ({
          path,
          hash,
          size,
          changedAt: changed_at,
          maxAge: max_age,
          inputs,
          pieces: JSON.parse(pieces) as PieceList, // only saveDocuments writes this column
        }),
      );
    },

    async saveDocuments(records) {
      for (const part of chunks(records)) {
        await database
          .insertInto('feed_document')
          .values(
            part.map(({ path, hash, size, changedAt, maxAge, inputs, pieces }) => ({
              path,
              hash,
              size,
              changed_at: changedAt,
              max_age: maxAge,
              inputs,
              pieces: JSON.stringify(pieces),
            })),
          )
          .onConflict((conflict) =>
            conflict.column('path').doUpdateSet((row) => ({
              hash: row.ref('excluded.hash'),
              size: row.ref('excluded.size'),
              changed_at: row.ref('excluded.changed_at'),
              max_age: row.ref('excluded.max_age'),
              inputs: row.ref('excluded.inputs'),
              pieces: row.ref('excluded.pieces'),
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
