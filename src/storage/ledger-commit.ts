import { type Kysely, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import { type CancellationReason, isCounting, type LedgerEntry, type Phase } from '../delivery/index.ts';
import { type NewBounce, recordBounces } from './bounce-record.ts';
import type { Schema } from './schema.ts';
import { isReceiving } from './subscriber-row.ts';

type Begin = Extract<LedgerEntry, { kind: 'begin' }>;
type Result = Exclude<LedgerEntry, Begin>;

/**
 * Writes what happened to many attempts with one statement for all begins and one for all results, in the
 * transaction at hand; returns the ids that took. See `DeliveryLedger.commit`.
 */
export async function commitEntries(
  tx: Kysely<Schema>,
  entries: readonly LedgerEntry[],
  now: Instant,
): Promise<boolean[]> {
  const begins = entries.filter((entry): entry is Begin => entry.kind === 'begin');
  const results = entries.filter((entry): entry is Result => entry.kind !== 'begin');
  const begun = await begin(tx, begins, now);
  const settled = await settle(tx, results, now);
  return entries.map((entry) => (entry.kind === 'begin' ? begun : settled).has(entry.deliveryId));
}

async function begin(tx: Kysely<Schema>, begins: readonly Begin[], now: Instant): Promise<Set<number>> {
  if (begins.length === 0) return new Set();
  const { rows } = await sql<{ id: number }>`
    update delivery set state = 'attempting', attempts = attempts + 1, message_id = entry.message_id,
      not_before = null, phase = null, reply_class = null, attempted_at = ${now}, updated_at = ${now}
    from (
      select value ->> 'deliveryId' as id, value ->> 'token' as token, value ->> 'messageId' as message_id
      from json_each(${JSON.stringify(begins)})
    ) as entry
    where delivery.id = entry.id and delivery.state = 'claimed'
      and delivery.lease_token = entry.token and delivery.lease_until > ${now}
      and exists (
        select 1 from edition
        join subscription on subscription.newsletter = edition.newsletter
          and subscription.subscriber_id = delivery.subscriber_id and ${isReceiving(now)}
        join subscriber on subscriber.id = delivery.subscriber_id and subscriber.state = 'active'
        where edition.id = delivery.edition_id and edition.state = 'sending')
      and not exists (select 1 from suppression where suppression.address_key = delivery.address_key)
    returning delivery.id`.execute(tx);
  const begun = new Set(rows.map((row) => row.id));
  for (const refused of begins) {
    if (!begun.has(refused.deliveryId)) await refuse(tx, refused, now);
  }
  return begun;
}

/** A row that still belongs to this token is cancelled with the reason, or goes back (lease over, edition paused). */
async function refuse(tx: Kysely<Schema>, { deliveryId, token }: Begin, now: Instant): Promise<void> {
  const row = await tx
    .selectFrom('delivery')
    .innerJoin('edition', 'edition.id', 'delivery.edition_id')
    .leftJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .leftJoin('subscription', (join) =>
      join
        .onRef('subscription.subscriber_id', '=', 'delivery.subscriber_id')
        .onRef('subscription.newsletter', '=', 'edition.newsletter'),
    )
    .leftJoin('suppression', 'suppression.address_key', 'delivery.address_key')
    .select([
      'edition.state as edition',
      'subscriber.state as subscriber',
      'subscription.state as subscription',
      isReceiving(now).as('receiving'),
      'suppression.address_key as suppressed',
    ])
    .where('delivery.id', '=', deliveryId)
    .where('delivery.state', '=', 'claimed')
    .where('delivery.lease_token', '=', token)
    .executeTakeFirst();
  if (!row) return;
  let reason: CancellationReason | null = null;
  if (row.edition === 'cancelled') reason = 'edition_cancelled';
  else if (row.subscriber === null || row.subscriber === 'erased') reason = 'erased';
  else if (row.suppressed !== null) reason = 'suppressed';
  else if (!row.receiving) reason = row.subscription === 'paused' ? 'reader_paused' : 'reader_left';
  else if (row.subscriber !== 'active') reason = 'suspended';
  await tx
    .updateTable('delivery')
    .set({ state: reason === null ? 'queued' : 'cancelled', reason, ...noLease, updated_at: now })
    .where('id', '=', deliveryId)
    .execute();
}

export const noLease = { lease_token: null, lease_until: null, worker: null } as const;

async function settle(tx: Kysely<Schema>, results: readonly Result[], now: Instant): Promise<Set<number>> {
  if (results.length === 0) return new Set();
  const { rows } = await sql<{ id: number }>`
    update delivery set state = entry.state, reason = entry.reason, reply = coalesce(entry.reply, delivery.reply), not_before = entry.not_before,
      phase = entry.phase, reply_class = entry.class,
      outcome = case when entry.state = 'sent' then coalesce(delivery.outcome, 'accepted') else delivery.outcome end,
      attempts = attempts + (delivery.state = 'claimed' and entry.state in ('deferred', 'failed')),
      lease_token = case when entry.state = 'in_doubt' then delivery.lease_token end,
      lease_until = null, worker = null, updated_at = ${now}
    from (
      select value ->> 'id' as id, value ->> 'token' as token, value ->> 'state' as state, value ->> 'reason' as reason,
        value ->> 'reply' as reply, value ->> 'notBefore' as not_before, value ->> 'phase' as phase,
        value ->> 'class' as class
      from json_each(${JSON.stringify(results.map(change))})
    ) as entry
    where delivery.id = entry.id and delivery.lease_token = entry.token
      and case entry.state
        when 'sent' then delivery.state in ('attempting', 'in_doubt')
        when 'in_doubt' then delivery.state = 'attempting'
        else delivery.state in ('claimed', 'attempting', 'in_doubt')
      end
    returning delivery.id`.execute(tx);
  const settled = new Set(rows.map((row) => row.id));
  await recordBounces(tx, results.filter(({ deliveryId }) => settled.has(deliveryId)).flatMap(refusalOf), now);
  return settled;
}

/** Before the recipient was named nothing can be about them. */
const afterRecipient: ReadonlySet<Phase> = new Set<Phase>(['rcpt', 'data', 'content', 'final_dot']);

/** What a relay's answer says against a reader's address: nothing, almost always. */
function refusalOf({ kind, deliveryId, phase, class: replyClass, reply }: Result): NewBounce[] {
  if (kind !== 'deferred' && kind !== 'failed') return [];
  if (replyClass === null || !isCounting(replyClass) || phase === null || !afterRecipient.has(phase)) return [];
  return [{ deliveryId, class: replyClass, status: null, said: reply ?? '' }];
}

function change(result: Result) {
  const { deliveryId: id, token, reply, phase, class: replyClass } = result;
  const common = { id, token, reply, phase, class: replyClass, reason: null, notBefore: null };
  switch (result.kind) {
    case 'sent':
      return { ...common, state: 'sent' };
    case 'deferred':
      return { ...common, state: 'deferred', notBefore: result.notBefore };
    case 'failed':
      return { ...common, state: 'failed', reason: result.reason };
    case 'returned':
      return { ...common, state: 'queued' };
    case 'in_doubt':
      return { ...common, state: 'in_doubt', reason: 'no_answer' };
    default:
      return result satisfies never;
  }
}
