import type { Kysely } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { SubscriptionSource } from '../../subscribers/index.ts';
import type { Schema } from '../database/schema.ts';
import { recordChange } from './consent-record.ts';

/**
 * Leaves these newsletters, or all where null, and records it, within the caller's transaction. Rhythm and pause stay
 * in the row, with the state that was left, so that the reader can undo it.
 *
 * @returns those that were left now; none for a repeat.
 */
export async function leaveNewsletters(
  tx: Kysely<Schema>,
  subscriberId: number,
  newsletters: readonly string[] | null,
  source: SubscriptionSource,
  now: Instant,
): Promise<string[]> {
  let update = tx
    .updateTable('subscription')
    .set((eb) => ({ state: 'left', since: now, source, left_from: eb.ref('subscription.state') }))
    .where('subscriber_id', '=', subscriberId)
    .where('state', '!=', 'left');
  if (newsletters !== null) update = update.where('newsletter', 'in', newsletters);
  const rows = await update.returning('newsletter').execute();
  const left = rows.map(({ newsletter }) => newsletter).sort();
  if (left.length > 0) {
    await recordChange(tx, subscriberId, { what: 'left', newsletters: left, wording: null, how: source }, now);
  }
  return left;
}
