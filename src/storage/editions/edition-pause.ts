import { type Kysely, sql } from 'kysely';
import { type Instant, plusMs, toMs } from '../../clock.ts';
import { areTooMany, type PauseReason } from '../../delivery/index.ts';
import type { Edition } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { noLease } from '../delivery/ledger-commit.ts';
import { readCounts } from './edition-counts.ts';
import { editionOf } from './edition-row.ts';

/** See `DeliveryLedger.pauseEdition`. */
export function pauseEdition(database: Database, editionId: string, reason: PauseReason, now: Instant): Promise<void> {
  return database.transaction().execute(async (tx) => {
    const { state } = await getEditionRow(tx, editionId);
    if (state !== 'sending') {
      throw new AppError(
        'conflict',
        `The edition ${editionId} is ${state}; only one that is being sent can be paused.`,
      );
    }
    await pause(tx, editionId, reason, now);
  });
}

/** See `DeliveryLedger.resumeEdition`. */
export function resumeEdition(database: Database, editionId: string, now: Instant): Promise<void> {
  return database.transaction().execute(async (tx) => {
    const edition = await getEditionRow(tx, editionId);
    const { state, expires_at: expiresAt, paused_at: pausedAt } = edition;
    if (state !== 'paused' && !(state === 'held' && edition.frozen_at !== null)) {
      throw new AppError('conflict', `The edition ${editionId} is ${state}, not paused.`);
    }
    const pausedMs = pausedAt === null ? 0 : Math.max(0, toMs(now) - toMs(pausedAt));
    await tx
      .updateTable('edition')
      .set({
        ...(await lettingGo(tx, editionId)),
        ...(expiresAt === null ? {} : { expires_at: plusMs(expiresAt, pausedMs) }),
      })
      .where('id', '=', editionId)
      .execute();
  });
}

/** See `DeliveryLedger.addSenderFaults`. */
export function addSenderFaults(
  database: Database,
  editionId: string,
  faults: number,
  now: Instant,
): Promise<Edition | null> {
  return database.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('edition')
      .set((eb) => ({ sender_faults: eb('sender_faults', '+', faults) }))
      .where('id', '=', editionId)
      .returning(['state', 'sender_faults', 'answered_before'])
      .executeTakeFirst();
    if (row?.state !== 'sending') return null;
    const answers = (await countAnswers(tx, editionId)) - row.answered_before;
    return areTooMany(row.sender_faults, answers) ? pause(tx, editionId, 'sender_faults', now) : null;
  });
}

/** What an edition's row gets when it is let go again. */
export async function lettingGo(tx: Kysely<Schema>, editionId: string) {
  return {
    state: 'sending',
    reason: null,
    paused_at: null,
    finished_at: null,
    sender_faults: 0,
    answered_before: await countAnswers(tx, editionId),
  } as const;
}

export async function getEditionRow(tx: Kysely<Schema>, editionId: string) {
  const row = await tx.selectFrom('edition').selectAll().where('id', '=', editionId).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no edition ${editionId}.`);
  return { ...row, state: editionOf(row).state };
}

async function pause(tx: Kysely<Schema>, editionId: string, reason: PauseReason, now: Instant): Promise<Edition> {
  const row = await tx
    .updateTable('edition')
    .set({ state: 'paused', reason, paused_at: now })
    .where('id', '=', editionId)
    .returningAll()
    .executeTakeFirstOrThrow();
  await tx
    .updateTable('delivery')
    .set({ state: 'queued', ...noLease, updated_at: now })
    .where('state', '=', 'claimed')
    // By the index of what workers have; the plus keeps SQLite from that of all deliveries by edition.
    .where(sql<boolean>`worker is not null and +edition_id = ${editionId}`)
    .execute();
  return editionOf(row);
}

async function countAnswers(tx: Kysely<Schema>, editionId: string): Promise<number> {
  const { sent, failed, deferred } = await readCounts(tx, editionId);
  return sent + failed + deferred;
}
