import { type Kysely, sql } from 'kysely';
import type {
  FoundSuppression,
  Lifting,
  Suppression,
  SuppressionPage,
  SuppressionPlace,
} from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';

const pageSize = 500;

/** See `SubscriberStore.liftSuppression`. */
export async function liftSuppression(tx: Kysely<Schema>, addressKey: string): Promise<Lifting> {
  const row = await tx
    .selectFrom('suppression')
    .select('reason')
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  if (!row) return 'none';
  if (row.reason === 'complaint') return 'complaint';
  await tx.deleteFrom('suppression').where('address_key', '=', addressKey).execute();
  await forgetBounces(tx, addressKey);
  return 'lifted';
}

/** What came back from an address counts no more. */
export async function forgetBounces(tx: Kysely<Schema>, addressKey: string): Promise<void> {
  await tx
    .updateTable('bounce')
    .set({ counts: 0 })
    .where('address_key', '=', addressKey)
    .where('counts', '=', sql.lit(1))
    .execute();
}

const foundColumns = sql`subscriber.id as "subscriberId", subscriber.email, suppression.address_key as "addressKey",
  suppression.reason, suppression.since
  from suppression left join subscriber on subscriber.address_key = suppression.address_key`;

/** See `ReaderDirectory.findSuppression`. */
export async function findSuppression(database: Database, addressKey: string): Promise<FoundSuppression | null> {
  const { rows } = await sql<FoundSuppression>`
    select ${foundColumns} where suppression.address_key = ${addressKey}`.execute(database);
  return rows[0] ?? null;
}

const shownPage = 50;

/** See `ReaderDirectory.listSuppressions`. */
export async function listSuppressionPage(
  database: Database,
  after: SuppressionPlace | null,
): Promise<SuppressionPage> {
  const { rows } = await sql<FoundSuppression>`
    select ${foundColumns}
    ${after === null ? sql`` : sql`where (suppression.since, suppression.address_key) < (${after.since}, ${after.addressKey})`}
    order by suppression.since desc, suppression.address_key desc limit ${shownPage + 1}`.execute(database);
  const suppressions = rows.slice(0, shownPage);
  const last = suppressions.at(-1);
  const next =
    rows.length > shownPage && last !== undefined ? { since: last.since, addressKey: last.addressKey } : null;
  return { suppressions, next };
}

/** See `SubscriberStore.listSuppressions`. */
export async function* listSuppressions(database: Database): AsyncGenerator<Suppression> {
  let after = { since: '', addressKey: '' };
  for (;;) {
    const { rows } = await sql<Suppression>`
      select subscriber.email, suppression.address_key as "addressKey", suppression.reason, suppression.since
      from suppression left join subscriber on subscriber.address_key = suppression.address_key
      where (suppression.since, suppression.address_key) > (${after.since}, ${after.addressKey})
      order by suppression.since, suppression.address_key limit ${pageSize}`.execute(database);
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < pageSize || last === undefined) return;
    after = last;
  }
}
