import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import {
  type BounceConsequence,
  type CountedBounce,
  isCounting,
  judgeBounces,
  type ReplyClass,
} from '../../delivery/index.ts';
import type { Schema } from '../database/schema.ts';

/** The mail that came back, or was refused: a delivery, or a letter to one reader. */
export type BouncedMail = { readonly deliveryId: number } | { readonly letterId: number };

export type NewBounce = BouncedMail & {
  readonly class: ReplyClass;
  readonly status: string | null;
  /** What the other server said. */
  readonly said: string;
};

export interface RecordedBounce {
  readonly consequence: BounceConsequence;
  /** Whether it says something that wasn't known of the mail. */
  readonly isNews: boolean;
}

/** What is kept of it. */
const longestSaid = 500;

/**
 * Keeps what is known against mails and carries out what follows for their readers, in the transaction at hand. One mail
 * counts once, whatever is said of it how often.
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
  const { class: replyClass, status } = bounce;
  const mail = await findMail(tx, bounce, now);
  if (mail === null) return { consequence: null, isNews: false };
  const counts = isCounting(replyClass) ? 1 : 0;
  const said = bounce.said.slice(0, longestSaid);
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('bounce')
    .values({
      ...('letterId' in bounce ? { letter_id: bounce.letterId } : { delivery_id: bounce.deliveryId }),
      address_key: mail.address_key,
      class: replyClass,
      status,
      said,
      sent_at: mail.sent_at,
      at: now,
      counts,
    })
    // What is final comes after what was still being tried.
    .onConflict((conflict) =>
      conflict
        .column('letterId' in bounce ? 'letter_id' : 'delivery_id')
        .doUpdateSet({ class: replyClass, status, said, at: now, counts })
        .where('bounce.class', '=', 'soft'),
    )
    .executeTakeFirstOrThrow();
  const consequence = counts === 0 ? null : await judge(tx, mail, now);
  return { consequence, isNews: numInsertedOrUpdatedRows > 0n };
}

interface MailRow {
  readonly address_key: string;
  readonly subscriber_id: number | null;
  readonly sent_at: Instant;
}

/** One whose reader is erased isn't found: what was said of it would name them. */
async function findMail(tx: Kysely<Schema>, mail: BouncedMail, now: Instant): Promise<MailRow | null> {
  const { rows } = await ('letterId' in mail
    ? sql<MailRow>`select address_key, subscriber_id, coalesce(settled_at, ${now}) as sent_at from letter
        where id = ${mail.letterId}`
    : sql<MailRow>`select address_key, subscriber_id, coalesce(attempted_at, updated_at) as sent_at from delivery
        where id = ${mail.deliveryId} and address is not null`
  ).execute(tx);
  return rows[0] ?? null;
}

async function judge(
  tx: Kysely<Schema>,
  { address_key: addressKey, subscriber_id: subscriberId, sent_at: sentAt }: MailRow,
  now: Instant,
): Promise<BounceConsequence> {
  await forgetBefore(tx, addressKey, await findSuccess(tx, subscriberId, addressKey, sentAt));
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
 * When the reader last got a mail at this address that was sent before this one, and of which nothing bad has come back:
 * the ledger itself knows, so that no success costs a row. A mail sent later proves nothing yet, since a relay's report may
 * take days.
 */
async function findSuccess(
  tx: Kysely<Schema>,
  subscriberId: number | null,
  addressKey: string,
  before: Instant,
): Promise<Instant> {
  if (subscriberId === null) return '';
  const { rows } = await sql<{ at: string | null }>`
    select max(at) as at from (
      select max(coalesce(attempted_at, updated_at)) as at from delivery
      where subscriber_id = ${subscriberId} and address_key = ${addressKey} and state = 'sent'
        and coalesce(outcome, 'accepted') = 'accepted' and coalesce(attempted_at, updated_at) < ${before}
      union all select max(settled_at) from letter
      where subscriber_id = ${subscriberId} and address_key = ${addressKey} and state = 'sent' and outcome is null
        and settled_at < ${before})`.execute(tx);
  return rows[0]?.at ?? '';
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
