import { type Kysely, sql } from 'kysely';
import type { DomainCounts, EditionCounts } from '../../digest/index.ts';
import type { Schema } from '../database/schema.ts';

/**
 * What of the open deliveries of `edition_count` workers have: a few hundred rows, by an index of their own. A plus keeps
 * SQLite from taking that of all deliveries by edition.
 */
const leased = sql`delivery.worker is not null and delivery.state in ('claimed', 'attempting')`;

/** Of `edition_count`: that some of these deliveries wait, and no worker has them. */
export const waits = sql<boolean>`edition_count.count > 0 and (edition_count.state = 'deferred' or (edition_count.state = 'open'
    and edition_count.count > (select count(*) from delivery where ${leased}
      and +delivery.edition_id = edition_count.edition_id and delivery.lane = edition_count.lane)))`;

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
    union all select edition_id, state, sum(count) from edition_count where edition_id in ${ids} group by 1, 2
    union all select edition_id, state, count(*) from delivery where ${leased} and +edition_id in ${ids}
      group by +edition_id, state`.execute(db);
  const byEdition = Map.groupBy(rows, ({ id }) => id);
  return new Map([...byEdition].map(([id, parts]) => [id, countsOf(parts)]));
}

/** See `EditionStore.listDomainCounts`; one statement, so one snapshot. */
export async function readDomainCounts(db: Kysely<Schema>, editionId: string): Promise<DomainCounts[]> {
  const { rows } = await sql<{ lane: string; state: string; count: number }>`
    select lane, state, count from edition_count where edition_id = ${editionId} and count > 0
    union all select lane, state, count(*) from delivery where ${leased} and +edition_id = ${editionId} group by 1, 2`.execute(
    db,
  );
  const domains = Map.groupBy(rows, ({ lane }) => lane);
  return [...domains]
    .map(([domain, parts]) => {
      const candidates = parts.reduce((sum, { state, count }) => (isWithinOpen(state) ? sum : sum + count), 0);
      return { domain, ...countsOf([...parts, { state: 'candidates', count: candidates }]) };
    })
    .sort((a, b) => Number(a.domain === '') - Number(b.domain === '') || b.candidates - a.candidates);
}

function isWithinOpen(state: string): boolean {
  return state === 'claimed' || state === 'attempting';
}

function countsOf(rows: readonly { readonly state: string; readonly count: number }[]): EditionCounts {
  const counts = new Map(rows.map((row) => [row.state, row.count]));
  const of = (state: string): number => counts.get(state) ?? 0;
  const [claimed, attempting] = [of('claimed'), of('attempting')];
  return {
    candidates: of('candidates'),
    excluded: of('excluded'),
    queued: of('open') - claimed - attempting,
    claimed,
    attempting,
    sent: of('sent'),
    deferred: of('deferred'),
    failed: of('failed'),
    in_doubt: of('in_doubt'),
    cancelled: of('cancelled'),
  };
}
