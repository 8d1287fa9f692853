import { type Kysely, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import {
  type BounceConsequence,
  type CountedBounce,
  isCounting,
  judgeBounces,
  type ReplyClass,
} from '../delivery/index.ts';
import type { Schema } from './schema.ts';

export interface NewBounce {
  readonly deliveryId: number;
  readonly class: ReplyClass;
  readonly status: string | null;
  /** What the other server said. */
  readonly said: string;
}

export interface RecordedBounce {
  readonly consequence: BounceConsequence;
  /** Whether it says something that wasn't known of the delivery. */
  readonly isNews: boolean;
}

/** What is kept of it. */
const longestSaid = 500;

/**
 * Keeps what is known against deliveries and carries out what follows for their readers, in the transaction at hand. One
 * delivery counts once, whatever is said of it how often.
 */
export async function recordBounces(
  tx: Kysely<Schema>,
  bounces: readonly NewBounce[],
  now: Instant,
): Promise<RecordedBounce[]> {
  const recorded: RecordedBounce[] = [];
  for (const bounce of bounces) recorded.push(await recordBounce(tx, bounce, now));
  return recorded;
}

async function recordBounce(tx: Kysely<Schema>, bounce: NewBounce, now: Instant): Promise<RecordedBounce> {
  const { deliveryId, class: replyClass, status } = bounce;
  const delivery = await tx
    .selectFrom('delivery')
    .select(['address_key', 'subscriber_id', 'attempted_at', 'updated_at'])
    .where('id', '=', deliveryId)
    .executeTakeFirst();
  if (!delivery) return { consequence: null, isNews: false };
  const sentAt = delivery.attempted_at ?? delivery.updated_at;
  const counts = isCounting(replyClass) ? 1 : 0;
  const said = bounce.said.slice(0, longestSaid);
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('bounce')
    .values({
      delivery_id: deliveryId,
      address_key: delivery.address_key,
      class: replyClass,
      status,
      said,
      sent_at: sentAt,
      at: now,
      counts,
    })
    // What is final comes after what was still being tried.
    .onConflict((conflict) =>
      conflict
        .column('delivery_id')
        .doUpdateSet({ class: replyClass, status, said, at: now, counts })
        .where('bounce.class', '=', 'soft'),
    )
    .executeTakeFirstOrThrow();
  const consequence = counts === 0 ? null : await judge(tx, delivery.address_key, delivery.subscriber_id, sentAt, now);
  return { consequence, isNews: numInsertedOrUpdatedRows > 0n };
}

async function judge(
  tx: Kysely<Schema>,
  addressKey: string,
  subscriberId: number | null,
  sentAt: Instant,
  now: Instant,
): Promise<BounceConsequence> {
  await forgetBefore(tx, addressKey, await findSuccess(tx, subscriberId, sentAt));
  const rows = await tx
    .selectFrom('bounce')
    .select(['class', 'sent_at'])
    .where('address_key', '=', addressKey)
    .where('counts', '=', sql.lit(1)) // as a literal: the partial index is for exactly this
    .execute();
  const consequence = judgeBounces(
    rows.map((row) => ({ class: row.class as CountedBounce['class'], sentAt: row.sent_at })), // only these count
  );
  if (consequence === 'suppress') await suppress(tx, addressKey, 'address_gone', now);
  if (consequence === 'suspend') {
    await tx
      .updateTable('subscriber')
      .set({ state: 'suspended' })
      .where('address_key', '=', addressKey)
      .where('state', '=', 'active')
      .execute();
  }
  // Whoever is let in again later begins anew.
  if (consequence !== null) await forgetBefore(tx, addressKey, now);
  return consequence;
}

/**
 * When the reader last got a mail sent before this one, of which nothing bad has come back: the ledger itself knows, so
 * that no success costs a row. A mail sent later proves nothing yet, since a relay's report may take days.
 */
async function findSuccess(tx: Kysely<Schema>, subscriberId: number | null, before: Instant): Promise<Instant> {
  if (subscriberId === null) return '';
  const row = await tx
    .selectFrom('delivery')
    .select((eb) => eb.fn.max<string | null>(sql`coalesce(attempted_at, updated_at)`).as('at'))
    .where('subscriber_id', '=', subscriberId)
    .where('state', '=', 'sent')
    .where(sql<boolean>`coalesce(outcome, 'accepted') = 'accepted'`)
    .where(sql<boolean>`coalesce(attempted_at, updated_at) < ${before}`)
    .executeTakeFirst();
  return row?.at ?? '';
}

/** What was sent up to then counts no more against the address. */
export async function forgetBefore(tx: Kysely<Schema>, addressKey: string, until: Instant): Promise<void> {
  await tx
    .updateTable('bounce')
    .set({ counts: 0 })
    .where('address_key', '=', addressKey)
    .where('counts', '=', sql.lit(1))
    .where('sent_at', '<=', until)
    .execute();
}

/** Keeps an address out from now on. The first reason stays, but a complaint outweighs it: no operator may lift that. */
export async function suppress(tx: Kysely<Schema>, addressKey: string, reason: string, now: Instant): Promise<void> {
  await tx
    .insertInto('suppression')
    .values({ address_key: addressKey, reason, since: now })
    .onConflict((conflict) =>
      reason === 'complaint'
        ? conflict.column('address_key').doUpdateSet({ reason, since: now }).where('suppression.reason', '!=', reason)
        : conflict.column('address_key').doNothing(),
    )
    .execute();
}
