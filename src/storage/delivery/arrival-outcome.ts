import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { DeliveryOutcome } from '../../delivery/index.ts';
import type { Schema } from '../database/schema.ts';
import type { Traced } from './arrival-trace.ts';

/** Writes down what came back of a mail; the worst that is known stays. */
export async function settleOutcome(
  tx: Kysely<Schema>,
  mail: Traced,
  outcome: DeliveryOutcome,
  now: Instant,
): Promise<void> {
  await (mail.of === 'delivery' ? settleDelivery(tx, mail.id, outcome, now) : settleLetter(tx, mail.id, outcome, now));
}

/** What came back proves that the relay had taken it, so it isn't sent again. */
async function settleLetter(tx: Kysely<Schema>, id: number, outcome: DeliveryOutcome, now: Instant): Promise<void> {
  await tx
    .updateTable('letter')
    .set({ state: 'sent', settled_at: now })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .execute();
  if (outcome === 'accepted') return;
  await tx
    .updateTable('letter')
    .set({ outcome })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '=', 'bounced')]))
    .execute();
}

/** What came back proves that the relay had taken it, so a delivery in doubt is settled. */
async function settleDelivery(tx: Kysely<Schema>, id: number, outcome: DeliveryOutcome, now: Instant): Promise<void> {
  await tx
    .updateTable('delivery')
    .set({ state: 'sent', reason: null, lease_token: null, updated_at: now })
    .where('id', '=', id)
    .where('state', '=', 'in_doubt')
    .execute();
  const known = await tx
    .selectFrom('delivery')
    .select(['edition_id', 'outcome'])
    .where('id', '=', id)
    // A report may be here before the answer that it follows is written down.
    .where('state', 'in', ['sent', 'attempting'])
    .executeTakeFirst();
  if (!known || severity(known.outcome) >= severity(outcome)) return;
  await tx.updateTable('delivery').set({ outcome }).where('id', '=', id).execute();
  await count(tx, known.edition_id, known.outcome, -1);
  await count(tx, known.edition_id, outcome, 1);
}

function severity(outcome: string | null): number {
  return [null, 'accepted', 'bounced', 'complained'].indexOf(outcome);
}

/** Keeps the sums of what came back. */
async function count(tx: Kysely<Schema>, editionId: string, outcome: string | null, by: number): Promise<void> {
  if (outcome !== 'bounced' && outcome !== 'complained') return;
  await sql`
    insert into edition_return (edition_id, outcome, count) values (${editionId}, ${outcome}, ${by})
    on conflict (edition_id, outcome) do update set count = count + ${by}`.execute(tx);
}
