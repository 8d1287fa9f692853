import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

/** From so many readers on a domain gets a lane of its own for the rest of them. */
const laneAt = 1000;

/** SQL for the recipient domain of an address column, in lower case; `''` once the address is erased. */
export function domainOfSql(address: string) {
  return sql<string>`coalesce(lower(substr(${sql.ref(address)}, instr(${sql.ref(address)}, '@') + 1)), '')`;
}

/**
 * Which domains have many readers in an edition that is being frozen. A claim passes a lane by in one step, whatever is
 * in it; in the common one, `''`, it has to step over at most a thousand readers of a domain that gets nothing for now.
 */
export interface Lanes {
  /** Those found so far, without the common one. */
  readonly own: readonly string[];
  /** Counts the readers that were frozen after an id. */
  count(tx: Kysely<Schema>, editionId: string, afterDelivery: number): Promise<void>;
}

/** Domains that had many readers in the largest of a newsletter's newest editions: they are known to be large from the start. */
export async function findLargeDomains(db: Kysely<Schema>, newsletter: string): Promise<string[]> {
  const { rows } = await sql<{ lane: string }>`
    select lane.value as lane from (
      select lanes from (select lanes, candidates from edition where newsletter = ${newsletter} and frozen_at is not null
        order by frozen_at desc limit 10) order by candidates desc limit 1) as largest, json_each(largest.lanes) as lane
    where lane.value <> '' order by 1`.execute(db);
  return rows.map(({ lane }) => lane);
}

/** @param large domains that have a lane of their own from the first reader on. */
export function createLanes(large: readonly string[]): Lanes {
  const readers = new Map(large.map((domain) => [domain, laneAt]));
  const own = [...large];
  return {
    own,
    async count(tx, editionId, afterDelivery) {
      const { rows } = await sql<{ domain: string; readers: number }>`
        select ${domainOfSql('address')} as domain, count(*) as readers from delivery
        where id > ${afterDelivery} and edition_id = ${editionId} group by 1`.execute(tx);
      for (const row of rows) {
        const known = readers.get(row.domain) ?? 0;
        readers.set(row.domain, known + row.readers);
        if (known < laneAt && known + row.readers >= laneAt) own.push(row.domain);
      }
    },
  };
}
