import type { HubPing, HubPingStore } from '../../feeds/index.ts';
import type { Database } from '../database/database.ts';

/** Rows in one statement: SQLite takes 32,766 values. */
const chunk = 1000;

export function createHubPingStore(database: Database): HubPingStore {
  const row = ({ hub, selfUrl, etag, looks, tries, notBefore }: HubPing) => ({
    hub,
    self_url: selfUrl,
    etag,
    looks,
    tries,
    not_before: notBefore,
  });

  return {
    async listPings() {
      const rows = await database
        .selectFrom('hub_ping')
        .selectAll()
        .orderBy('not_before')
        .orderBy('self_url')
        .orderBy('hub')
        .execute();
      return rows.map(({ self_url, not_before, ...rest }) => ({ ...rest, selfUrl: self_url, notBefore: not_before }));
    },

    async savePings(pings) {
      for (let index = 0; index < pings.length; index += chunk) {
        await database
          .insertInto('hub_ping')
          .values(pings.slice(index, index + chunk).map(row))
          .onConflict((conflict) =>
            conflict.columns(['hub', 'self_url']).doUpdateSet((now) => ({
              etag: now.ref('excluded.etag'),
              looks: now.ref('excluded.looks'),
              tries: now.ref('excluded.tries'),
              not_before: now.ref('excluded.not_before'),
            })),
          )
          .execute();
      }
    },

    async updatePing(ping) {
      const { hub, self_url, etag, ...progress } = row(ping);
      await database
        .updateTable('hub_ping')
        .set(progress)
        .where('hub', '=', hub)
        .where('self_url', '=', self_url)
        .where('etag', '=', etag)
        .execute();
    },

    async removePings(pings) {
      for (const { hub, selfUrl, etag } of pings) {
        await database
          .deleteFrom('hub_ping')
          .where('hub', '=', hub)
          .where('self_url', '=', selfUrl)
          .where('etag', '=', etag)
          .execute();
      }
    },
  };
}
