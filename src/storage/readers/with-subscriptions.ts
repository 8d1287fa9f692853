import type { Kysely } from 'kysely';
import type { SubscriberWithSubscriptions } from '../../subscribers/index.ts';
import type { Schema } from '../database/schema.ts';
import { type SubscriberRow, subscriberOf, subscriptionOf } from './subscriber-row.ts';

/** Readers with what they get, in the order given; some hundreds at most. */
export async function withSubscriptions(
  db: Kysely<Schema>,
  rows: readonly SubscriberRow[],
): Promise<SubscriberWithSubscriptions[]> {
  if (rows.length === 0) return [];
  const subscriptions = await db
    .selectFrom('subscription')
    .selectAll()
    .where(
      'subscriber_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('newsletter')
    .execute();
  const byReader = Map.groupBy(subscriptions.map(subscriptionOf), ({ subscriberId }) => subscriberId);
  return rows.map((row) => ({ subscriber: subscriberOf(row), subscriptions: byReader.get(row.id) ?? [] }));
}
