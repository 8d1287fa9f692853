import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { ClaimedDelivery, ClaimRequest } from '../../delivery/index.ts';
import type { Schema } from '../database/schema.ts';
import { domainOfSql } from '../editions/edition-lanes.ts';
import { editionOf } from '../editions/edition-row.ts';
import type { DeliveryTable } from '../tables/delivery.ts';
import { noLease } from './ledger-commit.ts';

/** More than there are; the limit keeps SQLite from sorting deliveries instead of lanes. */
const mostLanes = 100_000;

/**
 * Leases what is due. Lanes and editions come in any order, so that none keeps the others waiting. See
 * `DeliveryLedger.claim`.
 */
export async function claim(tx: Kysely<Schema>, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const { worker, transport, limit, now, leaseUntil, editionId } = request;
  const token = randomUUID();
  const only = editionId === null ? sql`` : sql`and edition.id = ${editionId}`;
  const without = sql`(select value from json_each(${JSON.stringify(request.withoutDomains ?? [])}))`;
  const isNarrowed = (request.withoutDomains?.length ?? 0) > 0;
  const notLane = isNarrowed ? sql`and lane.value not in ${without}` : sql``;
  const notDomain = isNarrowed ? sql`and (due.lane <> '' or ${domainOfSql('due.address')} not in ${without})` : sql``;
  const { rows } = await sql<
    Pick<DeliveryTable, (typeof claimedColumns)[number]> & { id: number; name: string | null }
  >`
    update delivery set state = 'claimed', reason = null, lease_token = ${token}, lease_until = ${leaseUntil}, worker = ${worker},
      updated_at = ${now}
    where id in (
      select due.id from (
        select edition.id as edition_id, lane.value as name from edition, json_each(edition.lanes) as lane
        where state = 'sending' and transport = ${transport} and expires_at > ${now} ${only} ${notLane}
        order by random() limit ${mostLanes}
      ) as lane cross join delivery as due
      where due.edition_id = lane.edition_id and due.lane = lane.name
        and due.state in ('queued', 'deferred') and coalesce(due.not_before, '') <= ${now} ${notDomain}
      limit ${limit})
    returning id, edition_id, subscriber_id, address, lang, variant, attempts,
      (select name from subscriber where subscriber.id = delivery.subscriber_id) as name`.execute(tx);
  if (rows.length === 0) return [];
  const editions = await tx
    .selectFrom('edition')
    .selectAll()
    .where('id', 'in', [...new Set(rows.map((row) => row.edition_id))])
    .execute();
  const byId = new Map(editions.map((row) => [row.id, editionOf(row)]));
  const claimed: ClaimedDelivery[] = [];
  for (const row of rows.sort((a, b) => a.id - b.id)) {
    const edition = byId.get(row.edition_id);
    if (!edition || row.subscriber_id === null || row.address === null || row.variant === null) {
      // Erased since the freeze: there is nobody to send to.
      await tx
        .updateTable('delivery')
        .set({ state: 'cancelled', reason: 'erased', ...noLease, updated_at: now })
        .where('id', '=', row.id)
        .execute();
      continue;
    }
    claimed.push({
      deliveryId: row.id,
      token,
      leaseUntil,
      edition,
      subscriberId: row.subscriber_id,
      address: row.address,
      name: row.name,
      lang: row.lang,
      variant: row.variant,
      attempts: row.attempts,
    });
  }
  return claimed;
}

const claimedColumns = ['edition_id', 'subscriber_id', 'address', 'lang', 'variant', 'attempts'] as const;
