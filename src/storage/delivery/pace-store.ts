import { sql } from 'kysely';
import type { PaceStore } from '../../delivery/index.ts';
import type { Database } from '../database/database.ts';

/** Buckets and throttles in the table `throttle`. */
export function createPaceStore(database: Database): PaceStore {
  return {
    async reserve({ relay, domain, lengthMs, behindMs, aheadMs, now }) {
      const least = Math.round(now - behindMs);
      const most = Math.round(now + aheadMs);
      const length = Math.round(lengthMs);
      const { rows } = await sql<{ next_at: number }>`
        insert into throttle (relay, domain, next_at) values (${relay}, ${domain}, ${least + length})
        on conflict (relay, domain) do update set next_at = ${length} + case
          when throttle.next_at is null or throttle.next_at < ${least} then ${least}
          when throttle.next_at > ${most} then ${Math.round(now)}
          else throttle.next_at end
        returning next_at`.execute(database);
      return (rows[0]?.next_at ?? now) - length;
    },
    async listThrottles(relay, since) {
      const rows = await database
        .selectFrom('throttle')
        .selectAll()
        .where('relay', '=', relay)
        .where('changed_at', '>', 0)
        .where((eb) => eb.or([eb('changed_at', '>', since), eb('closed_until', 'is not', null)]))
        .execute();
      return new Map(
        rows.map((row) => [
          row.domain,
          {
            connections: row.connections,
            changedAt: row.changed_at,
            closedUntil: row.closed_until,
            refusals: row.refusals,
          },
        ]),
      );
    },
    async saveThrottle(relay, domain, { connections, changedAt, closedUntil, refusals }) {
      const fields = { connections, changed_at: changedAt, closed_until: closedUntil, refusals };
      await database
        .insertInto('throttle')
        .values({ relay, domain, next_at: null, said: null, ...fields })
        .onConflict((conflict) => conflict.columns(['relay', 'domain']).doUpdateSet(fields))
        .execute();
    },
  };
}
