import type { Insertable, Transaction } from 'kysely';
import type { Schema } from '../database/schema.ts';
import type { SubscriptionTable } from '../tables/readers.ts';

/** Adds subscriptions, or makes those that there are as given. At least one; some hundreds at most. */
export async function writeSubscriptions(
  tx: Transaction<Schema>,
  rows: readonly Insertable<SubscriptionTable>[],
): Promise<void> {
  await tx
    .insertInto('subscription')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['newsletter', 'subscriber_id']).doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        since: eb.ref('excluded.since'),
        source: eb.ref('excluded.source'),
        rhythm: eb.ref('excluded.rhythm'),
        paused_until: eb.ref('excluded.paused_until'),
        left_from: eb.ref('excluded.left_from'),
      })),
    )
    .execute();
}
