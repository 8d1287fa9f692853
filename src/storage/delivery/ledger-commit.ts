import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import {
  addressFault,
  type CancellationReason,
  type DeliveryReason,
  type DeliveryState,
  type LedgerEntry,
} from '../../delivery/index.ts';
import { connectionOf, type Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { isReceiving } from '../readers/subscriber-row.ts';
import { type NewBounce, recordBounces } from './bounce-record.ts';
import { holdsNothingWithdrawn } from './withdrawn-variants.ts';

type BegunAttempt = Pick<Begin, 'deliveryId' | 'token'>;
type Begin = Extract<LedgerEntry, { kind: 'begin' }>;
type Result = Exclude<LedgerEntry, Begin>;

/** That a delivery of this token may go to its reader; `?1` is the time. */
const mayGo = sql`lease_token = ?3 and lease_until > ?1
  and exists (
    select 1 from edition
    join subscription on subscription.newsletter = edition.newsletter
      and subscription.subscriber_id = delivery.subscriber_id and ${isReceiving(sql.raw('?1'))}
    join subscriber on subscriber.id = delivery.subscriber_id and subscriber.state = 'active'
    where edition.id = delivery.edition_id and edition.state = 'sending')
  and not exists (select 1 from suppression where suppression.address_key = delivery.address_key)
  and ${holdsNothingWithdrawn}`;

/** Both run for every message: prepared once and run row by row they cost half of what lists as JSON do. */
const beginSql = sql`
  update delivery set state = 'attempting', attempts = attempts + 1, message_id = ?4,
    not_before = null, phase = null, reply_class = null, attempted_at = ?1, updated_at = ?1
  where id = ?2 and state = 'claimed' and ${mayGo}`;

const stillMaySql = sql`select 1 from delivery where id = ?2 and state = 'attempting' and ${mayGo}`;

/** Relays repeat an address in what they say: once its reader is erased none of it is kept. */
const settleSql = sql`
  update delivery set state = ?4, reason = ?5, reply = case when address is not null then coalesce(?6, reply) end, not_before = ?7, phase = ?8, reply_class = ?9,
    outcome = case when ?4 = 'sent' then coalesce(outcome, 'accepted') else outcome end,
    attempts = attempts + (state = 'claimed' and ?4 in ('deferred', 'failed')),
    lease_token = case when ?4 = 'in_doubt' then lease_token end,
    lease_until = null, worker = null, updated_at = ?1
  where id = ?2 and lease_token = ?3
    and case ?4
      when 'sent' then state in ('attempting', 'in_doubt')
      when 'in_doubt' then state = 'attempting'
      else state in ('claimed', 'attempting', 'in_doubt')
    end`;

/**
 * Who was in doubt when an edition came to its end, and turns out not to have got it: nobody looks for what is due of an
 * edition that is over, and another one may be open by now. So it is for an operator to send it once more.
 */
const tooLateSql = sql`
  update delivery set state = 'failed', reason = 'expired', not_before = null,
    reply = coalesce(?2, 'it was not sent, which came out only after the edition was over')
  where id = ?1 and state in ('queued', 'deferred')
    and exists (select 1 from edition where edition.id = delivery.edition_id and edition.state = 'sent')`;

/**
 * Makes what writes down what happened to many attempts, in the transaction at hand, and returns for each entry whether it
 * took. See `DeliveryLedger.commit`.
 */
export function prepareCommit(
  database: Database,
): (tx: Kysely<Schema>, entries: readonly LedgerEntry[], now: Instant) => Promise<boolean[]> {
  const connection = connectionOf(database);
  const beginning = connection.prepare(beginSql.compile(database).sql);
  const settling = connection.prepare(settleSql.compile(database).sql);
  const closing = connection.prepare(tooLateSql.compile(database).sql);

  function begin({ deliveryId, token, messageId }: Begin, now: Instant): boolean {
    return beginning.run(now, deliveryId, token, messageId).changes === 1;
  }

  function settle(result: Result, now: Instant): boolean {
    const { deliveryId, token, reply, phase, class: replyClass } = result;
    const { state, reason, notBefore } = changeOf(result);
    const took = settling.run(now, deliveryId, token, state, reason, reply, notBefore, phase, replyClass).changes === 1;
    if (took && (state === 'queued' || state === 'deferred')) closing.run(deliveryId, reply);
    return took;
  }

  return async (tx, entries, now) => {
    const took = entries.map((entry) => entry.kind === 'begin' && begin(entry, now));
    const bounces: NewBounce[] = [];
    for (const [index, entry] of entries.entries()) {
      if (entry.kind === 'begin') {
        if (!took[index]) await refuse(tx, entry, now);
      } else if (settle(entry, now)) {
        took[index] = true;
        bounces.push(...refusalOf(entry));
      }
    }
    await recordBounces(tx, bounces, now);
    return took;
  };
}

/** See `DeliveryLedger.mayStillGo`. */
export function prepareMayStillGo(database: Database): (attempt: BegunAttempt, now: Instant) => boolean {
  const asking = connectionOf(database).prepare(stillMaySql.compile(database).sql);
  return ({ deliveryId, token }, now) => asking.get(now, deliveryId, token) !== undefined;
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
      holdsNothingWithdrawn.as('isWhole'),
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
  else if (!row.isWhole) reason = 'article_withdrawn';
  await tx
    .updateTable('delivery')
    .set({ state: reason === null ? 'queued' : 'cancelled', reason, ...noLease, updated_at: now })
    .where('id', '=', deliveryId)
    .execute();
}

export const noLease = { lease_token: null, lease_until: null, worker: null } as const;

/** What a relay's answer says against a reader's address: nothing, almost always. */
function refusalOf({ kind, deliveryId, phase, class: replyClass, reply }: Result): NewBounce[] {
  if (kind !== 'deferred' && kind !== 'failed') return [];
  const fault = replyClass === null || phase === null ? null : addressFault(replyClass, phase);
  return fault === null ? [] : [{ deliveryId, class: fault, status: null, said: reply ?? '' }];
}

/** What a result makes of its row. */
function changeOf(result: Result): {
  readonly state: DeliveryState;
  readonly reason: DeliveryReason | null;
  readonly notBefore: Instant | null;
} {
  switch (result.kind) {
    case 'sent':
      return { state: 'sent', reason: null, notBefore: null };
    case 'deferred':
      return { state: 'deferred', reason: null, notBefore: result.notBefore };
    case 'failed':
      return { state: 'failed', reason: result.reason, notBefore: null };
    case 'returned':
      return { state: 'queued', reason: null, notBefore: null };
    case 'in_doubt':
      return { state: 'in_doubt', reason: 'no_answer', notBefore: null };
    default:
      return result satisfies never;
  }
}
