import { type Instant, toInstant, toMs } from '../../clock.ts';
import { type RelayTroubleStore, shortReply } from '../../delivery/index.ts';
import { withoutAddresses } from '../../without-addresses.ts';
import type { Database } from '../database/database.ts';

/** In the tables `relay_trouble` and `throttle`. */
export function createRelayTroubleStore(database: Database): RelayTroubleStore {
  return {
    async note(relay, said, now) {
      const last = { at: now, said: shortReply(said) };
      await database
        .insertInto('relay_trouble')
        .values({ relay, since: now, ...last })
        .onConflict((conflict) => conflict.column('relay').doUpdateSet(last))
        .execute();
    },
    async clear(relay) {
      await database.deleteFrom('relay_trouble').where('relay', '=', relay).execute();
    },
    listTroubles: () => database.selectFrom('relay_trouble').selectAll().orderBy('relay').execute(),
    async noteClosure(relay, domain, said) {
      await database
        .updateTable('throttle')
        .set({ said: shortReply(withoutAddresses(said)) })
        .where('relay', '=', relay)
        .where('domain', '=', domain)
        .execute();
    },
    async listClosed(now: Instant) {
      const rows = await database
        .selectFrom('throttle')
        .select(['relay', 'domain', 'closed_until', 'said'])
        .where('closed_until', '>', toMs(now))
        .orderBy('domain')
        .execute();
      return rows.map(({ relay, domain, closed_until: until, said }) => ({
        relay,
        domain,
        until: toInstant(until ?? 0),
        said,
      }));
    },
  };
}
