import { type Kysely, sql } from 'kysely';
import { type Instant, plusMs, toMs } from '../../clock.ts';
import type { DoubtSettled } from '../../delivery/index.ts';
import type { EditionState } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { noLease } from '../delivery/ledger-commit.ts';
import { holdsNothingWithdrawn } from '../delivery/withdrawn-variants.ts';
import { findPresentAddress } from '../readers/present-address.ts';
import { changeAll } from './edition-end.ts';
import { getEditionRow, lettingGo } from './edition-pause.ts';
import { isPending } from './edition-row.ts';
import { findOpenIn } from './second-edition.ts';

const retryable: readonly EditionState[] = ['sending', 'paused', 'sent', 'cancelled'];

/**
 * Who did not get it and still wants it: nobody in doubt, who left, is suppressed or has another address by now, or whose
 * copy holds what was withdrawn.
 */
export const isMissing = sql<boolean>`delivery.state in ('failed', 'cancelled') and ${holdsNothingWithdrawn}
  and delivery.address is not null and delivery.variant is not null
  and exists (
    select 1 from edition
    join subscription on subscription.newsletter = edition.newsletter
      and subscription.subscriber_id = delivery.subscriber_id and subscription.state = 'active'
    join subscriber on subscriber.id = delivery.subscriber_id and subscriber.state = 'active'
      and subscriber.address_key = delivery.address_key
    where edition.id = delivery.edition_id)
  and not exists (select 1 from suppression where suppression.address_key = delivery.address_key)`;

/** See `DeliveryLedger.countMissing`. */
export async function countMissing(database: Database, editionId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from delivery where delivery.edition_id = ${editionId} and ${isMissing}`.execute(database);
  return rows[0]?.count ?? 0;
}

/** See `DeliveryLedger.retryMissing`. */
export async function retryMissing(
  database: Database,
  editionId: string,
  expiresAt: Instant,
  now: Instant,
): Promise<number> {
  const wasPaused = await database.transaction().execute((tx) => holdOpen(tx, editionId, now));
  const to = { state: 'queued', reason: null, not_before: null, attempts: 0, updated_at: now } as const;
  const queued = await changeAll(database, editionId, ['failed', 'cancelled'], to, isMissing);
  await database
    .transaction()
    .execute((tx) =>
      wasPaused ? postponeExpiry(tx, editionId, now, expiresAt) : letGo(tx, editionId, now, expiresAt),
    );
  return queued;
}

/** See `DeliveryLedger.settleDoubt`. */
export function settleDoubt(database: Database, settled: DoubtSettled): Promise<boolean> {
  const { editionId, deliveryId, truth, reply, now } = settled;
  return database.transaction().execute(async (tx) => {
    const to = truth === 'queued' ? await findPresentAddress(tx, editionId, deliveryId) : {};
    const { numUpdatedRows } = await tx
      .updateTable('delivery')
      .set({ state: truth, reason: null, reply, not_before: null, ...noLease, ...to, updated_at: now })
      .where('id', '=', deliveryId)
      .where('edition_id', '=', editionId)
      .where('state', '=', 'in_doubt')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    if (truth === 'queued') {
      const { state } = await getEditionRow(tx, editionId);
      if (state === 'cancelled') {
        throw new AppError('conflict', `The edition ${editionId} is cancelled: nothing more of it is sent.`);
      }
      if (state === 'sent') {
        await holdOpen(tx, editionId, now);
        await letGo(tx, editionId, now, settled.expiresAt);
      }
    }
    return true;
  });
}

/**
 * Holds an edition open, paused: a worker that sees nothing to send would call it sent at once. Returns whether somebody
 * had paused it before: then it stays so, as it was.
 */
async function holdOpen(tx: Kysely<Schema>, editionId: string, now: Instant): Promise<boolean> {
  const { state, newsletter, rhythm, frozen_at: frozenAt, pruned_at: prunedAt } = await getEditionRow(tx, editionId);
  if (frozenAt === null || !retryable.includes(state)) {
    throw new AppError('conflict', `The edition ${editionId} is ${state}: it has not been sent.`);
  }
  if (prunedAt !== null) {
    throw new AppError(
      'conflict',
      `The deliveries of ${editionId} are no longer kept (retention.deliveries): nobody knows who did not get it.`,
    );
  }
  const other = await findOpenIn(tx, newsletter, rhythm, isPending);
  if (other && other.id !== editionId) {
    throw new AppError(
      'conflict',
      `${newsletter} has an edition that is ${other.state}: ${other.id}. Wait for it first.`,
    );
  }
  if (state === 'paused') return true;
  await tx
    .updateTable('edition')
    .set({ state: 'paused', reason: 'operator', paused_at: now, finished_at: null })
    .where('id', '=', editionId)
    .execute();
  return false;
}

/** The new expiry of one that stays paused: what it has been paused for is added when it is let go. */
async function postponeExpiry(tx: Kysely<Schema>, editionId: string, now: Instant, expiresAt: Instant): Promise<void> {
  const { state, paused_at: pausedAt } = await getEditionRow(tx, editionId);
  const pausedMs = state !== 'paused' || pausedAt === null ? 0 : Math.max(0, toMs(now) - toMs(pausedAt));
  await tx
    .updateTable('edition')
    .set({ expires_at: plusMs(expiresAt, -pausedMs) })
    .where('id', '=', editionId)
    .where('state', 'in', ['paused', 'sending'])
    .execute();
}

/** Lets an edition go that was held open at that time, unless somebody has decided otherwise since. */
async function letGo(tx: Kysely<Schema>, editionId: string, heldAt: Instant, expiresAt: Instant): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('edition')
    .set({ ...(await lettingGo(tx, editionId)), expires_at: expiresAt })
    .where('id', '=', editionId)
    .where('state', '=', 'paused')
    .where('paused_at', '=', heldAt)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) return;
  const { state } = await getEditionRow(tx, editionId);
  throw new AppError('conflict', `The edition ${editionId} was changed meanwhile and is ${state}: it stays so.`);
}
