import type { Selectable } from 'kysely';
import type { Notice, NoticeKind, NoticeStore } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';
import type { NoticeTable } from '../tables/upkeep.ts';

export function createNoticeStore(database: Database): NoticeStore {
  return {
    addNotice: ({ kind, editionId, about = '', sentence, whatToDo }, targets, quietSince, now) =>
      database.transaction().execute(async (tx) => {
        let equal = tx
          .selectFrom('notice')
          .select('id')
          .where('kind', '=', kind)
          .where('edition_id', 'is', editionId)
          .where('about', '=', about);
        if (quietSince !== null) equal = equal.where('at', '>=', quietSince);
        if (await equal.limit(1).executeTakeFirst()) return null;
        const row = await tx
          .insertInto('notice')
          .values({ kind, edition_id: editionId, about, sentence, what_to_do: whatToDo, at: now })
          .returningAll()
          .executeTakeFirstOrThrow();
        if (targets.length > 0) {
          const copies = targets.map((target) => ({ notice_id: row.id, target, tries: 0, not_before: now }));
          await tx.insertInto('notice_copy').values(copies).execute();
        }
        return noticeOf(row);
      }),
    async listNotices(kind, since) {
      const rows = await database
        .selectFrom('notice')
        .selectAll()
        .where('kind', '=', kind)
        .where('at', '>=', since)
        .orderBy('id')
        .execute();
      return rows.map(noticeOf);
    },
    claimCopies: (now, until, limit) =>
      database.transaction().execute(async (tx) => {
        const rows = await tx
          .selectFrom('notice_copy')
          .innerJoin('notice', 'notice.id', 'notice_copy.notice_id')
          .selectAll('notice')
          .select(['target', 'tries'])
          .where('not_before', '<=', now)
          .orderBy('notice.id')
          .orderBy('target')
          .limit(limit)
          .execute();
        for (const { id, target } of rows) {
          await tx
            .updateTable('notice_copy')
            .set({ not_before: until })
            .where('notice_id', '=', id)
            .where('target', '=', target)
            .execute();
        }
        return rows.map((row) => ({ notice: noticeOf(row), target: row.target, tries: row.tries }));
      }),
    async removeCopy({ notice, target }) {
      await database
        .deleteFrom('notice_copy')
        .where('notice_id', '=', notice.id)
        .where('target', '=', target)
        .execute();
    },
    async deferCopy({ notice, target, tries }, notBefore) {
      await database
        .updateTable('notice_copy')
        .set({ tries: tries + 1, not_before: notBefore })
        .where('notice_id', '=', notice.id)
        .where('target', '=', target)
        .execute();
    },
  };
}

function noticeOf(row: Selectable<NoticeTable>): Notice {
  return {
    id: row.id,
    kind: row.kind as NoticeKind, // only this program writes it
    editionId: row.edition_id,
    about: row.about,
    sentence: row.sentence,
    whatToDo: row.what_to_do,
    at: row.at,
  };
}
