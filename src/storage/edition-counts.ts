import { type Kysely, sql } from 'kysely';
import type { DomainCounts, EditionCounts } from '../digest/index.ts';
import type { Schema } from './schema.ts';

/** The counts of one edition, from the table that triggers keep. */
export async function readCounts(db: Kysely<Schema>, editionId: string): Promise<EditionCounts> {
  const counts = await readManyCounts(db, [editionId]);
  return counts.get(editionId) ?? countsOf([]);
}

/** The same of many. */
export async function readManyCounts(
  db: Kysely<Schema>,
  editionIds: readonly string[],
): Promise<Map<string, EditionCounts>> {
  const ids = sql`(select value from json_each(${JSON.stringify(editionIds)}))`;
  // One statement, so one snapshot: during a freeze both grow.
  const { rows } = await sql<{ id: string; state: string; count: number }>`
    select id, 'candidates' as state, candidates as count from edition where id in ${ids}
    union all select edition_id, state, sum(count) from edition_count where edition_id in ${ids} group by 1, 2`.execute(
    db,
  );
  const byEdition = Map.groupBy(rows, ({ id }) => id);
  return new Map([...byEdition].map(([id, parts]) => [id, countsOf(parts)]));
}

/** See `EditionStore.listDomainCounts`. */
export async function readDomainCounts(db: Kysely<Schema>, editionId: string): Promise<DomainCounts[]> {
  const rows = await db
    .selectFrom('edition_count')
    .select(['lane', 'state', 'count'])
    .where('edition_id', '=', editionId)
    .where('count', '>', 0)
    .execute();
  const domains = Map.groupBy(rows, ({ lane }) => lane);
  return [...domains]
    .map(([domain, parts]) => {
      const candidates = parts.reduce((sum, { count }) => sum + count, 0);
      return { domain, ...countsOf([...parts, { state: 'candidates', count: candidates }]) };
    })
    .sort((a, b) => Number(a.domain === '') - Number(b.domain === '') || b.candidates - a.candidates);
}

function countsOf(rows: readonly { readonly state: string; readonly count: number }[]): EditionCounts {
  const counts = new Map(rows.map((row) => [row.state, row.count]));
  const of = (state: string): number => counts.get(state) ?? 0;
  return {
    candidates: of('candidates'),
    excluded: of('excluded'),
    queued: of('queued'),
    claimed: of('claimed'),
    attempting: of('attempting'),
    sent: of('sent'),
    deferred: of('deferred'),
    failed: of('failed'),
    in_doubt: of('in_doubt'),
    cancelled: of('cancelled'),
  };
}
