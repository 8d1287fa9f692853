import { sql } from 'kysely';
import { collect, type MailRoom, sumOf } from '../support/mailing.ts';
import type { Arrival } from './fault-connection.ts';
import type { Deed } from './turmoil-deeds.ts';

/** What must hold at any moment, whatever is going on: sentences about what doesn't. */
export async function sampleTurmoil({ database, editions }: MailRoom): Promise<string[]> {
  const violations: string[] = [];
  // One statement, so one snapshot.
  const { rows } = await sql<{ kind: string; id: string; state: string; lane: string; count: number }>`
    select 'kept' as kind, edition_id as id, state, lane, count from edition_count where count <> 0
    union all select 'counted', edition_id, iif(state in ('queued', 'claimed', 'attempting'), 'open', state), lane, count(*)
      from delivery group by 2, 3, 4
    union all select 'candidates', id, '', '', candidates from edition
    union all select 'rows', edition_id, '', '', count(*) from delivery group by 2
    union all select 'twice', edition_id, '', cast(subscriber_id as text), count(*) from delivery
      where subscriber_id is not null group by edition_id, subscriber_id having count(*) > 1`.execute(database);
  const of = (kind: string): Map<string, number> =>
    new Map(rows.filter((row) => row.kind === kind).map((row) => [`${row.id} ${row.state} ${row.lane}`, row.count]));
  violations.push(...differences('kept', of('kept'), 'counted', of('counted')));
  const candidates = new Map([...of('candidates')].filter(([, count]) => count !== 0));
  violations.push(...differences('candidates', candidates, 'rows', of('rows')));
  violations.push(...[...of('twice').keys()].map((which) => `two rows for one reader: ${which}`));
  for (const { id } of await editions.listEditions({ limit: 50 })) {
    const counts = await editions.getCounts(id);
    if (sumOf(counts) !== counts.candidates || Object.values(counts).some((count) => count < 0))
      violations.push(`${id}: ${JSON.stringify(counts)}`);
  }
  return violations;
}

function differences(a: string, left: Map<string, number>, b: string, right: Map<string, number>): string[] {
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((key) => (left.get(key) ?? 0) !== (right.get(key) ?? 0))
    .map((key) => `${key}: ${left.get(key) ?? 0} ${a}, ${right.get(key) ?? 0} ${b}`);
}

/**
 * What must hold when all is over: sentences about what doesn't.
 *
 * @param until As epoch milliseconds: what was begun later was let go by whoever brought everything to its end.
 */
export async function accountForTurmoil(
  { database, editions, ledger }: MailRoom,
  arrivals: readonly Arrival[],
  deeds: readonly Deed[],
  until: number,
): Promise<string[]> {
  const violations: string[] = deeds.flatMap(({ name, about, fault }) =>
    fault === undefined ? [] : [`${name} (${about}): ${fault}`],
  );
  const rest = await sql<{ edition_id: string; id: number; state: string; edition: string }>`
    select edition_id, delivery.id, delivery.state, edition.state as edition
    from delivery join edition on edition.id = delivery.edition_id
    where edition.state not in ('sent', 'cancelled', 'skipped')
      or delivery.state in ('queued', 'claimed', 'attempting', 'deferred')
      or delivery.worker is not null or delivery.lease_until is not null
      or (delivery.lease_token is not null and delivery.state <> 'in_doubt')`.execute(database);
  for (const row of rest.rows.slice(0, 20))
    violations.push(`delivery ${row.id} of ${row.edition_id} (${row.edition}) is left ${row.state}`);
  const workers = await ledger.listWorkers();
  if (workers.length > 0) violations.push(`${workers.length} workers are left`);

  const stored = Map.groupBy(
    arrivals.filter((arrival) => arrival.stored),
    ({ messageId }) => messageId,
  );
  const resent = new Map<number, number>();
  for (const id of deeds.flatMap((deed) => deed.resent)) resent.set(id, (resent.get(id) ?? 0) + 1);
  const accepted = new Set(deeds.flatMap((deed) => deed.accepted));
  const asked = Map.groupBy(arrivals, ({ messageId }) => messageId);
  const known = new Set<string>();
  for (const edition of await editions.listEditions({ limit: 1000 })) {
    const byAddress = new Map<string, number>();
    for (const row of await collect(ledger.listDeliveries(edition.id))) {
      known.add(row.messageId ?? '');
      const got = stored.get(row.messageId ?? '') ?? [];
      const mayHave = 1 + (resent.get(row.id) ?? 0);
      const who = `delivery ${row.id} of ${edition.id} (${row.state}, ${row.reply})`;
      if (got.length > mayHave) violations.push(`${who} was stored ${got.length} times`);
      if (got.length === 0 && row.state === 'sent' && !accepted.has(row.id))
        violations.push(`${who}: the server has nothing`);
      if (got.length > 0 && mayHave === 1 && row.state !== 'sent' && row.state !== 'in_doubt')
        violations.push(`${who}: the server has it`);
      for (const { to } of got) {
        byAddress.set(to, (byAddress.get(to) ?? 0) + 1);
        if (byAddress.get(to) !== 1 && mayHave === 1) violations.push(`${to} has ${edition.id} more than once`);
      }
      for (const { to, askedAt, readAt } of asked.get(row.messageId ?? '') ?? []) {
        const abouts = [`reader ${row.subscriberId}`, `to ${to}`, `edition ${edition.id}`];
        const shut = askedAt < until ? findShut(deeds, abouts, askedAt, readAt) : undefined;
        if (shut) violations.push(`${who} was begun ${askedAt - (shut.end ?? 0)} ms after ${shut.name} ${shut.about}`);
      }
    }
  }
  for (const messageId of stored.keys()) if (!known.has(messageId)) violations.push(`${messageId} is in no row`);
  return violations;
}

/** What had shut somebody out when their content was asked for, unless they were let in again, or may have been, until it came. */
function findShut(
  deeds: readonly Deed[],
  abouts: readonly string[],
  askedAt: number,
  readAt: number,
): Deed | undefined {
  return deeds.find(
    (shut) =>
      shut.effect === 'shuts' &&
      shut.end !== undefined &&
      shut.end < askedAt &&
      abouts.includes(shut.about) &&
      !deeds.some(
        (open) =>
          open.effect === 'opens' &&
          open.about === shut.about &&
          open.start <= readAt &&
          (open.end ?? Number.POSITIVE_INFINITY) >= shut.start,
      ),
  );
}
