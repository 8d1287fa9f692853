import { type Kysely, sql } from 'kysely';
import { AppError } from '../../errors.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { isInRest } from '../delivery/delivery-rest.ts';
import { domainOfSql } from '../editions/edition-lanes.ts';

/** Of `delivery` and its `subscriber`: that the reader has another address than at the freeze. */
const hasMoved = sql<boolean>`subscriber.email is not null and subscriber.address_key <> delivery.address_key`;

/**
 * What a delivery that is sent once more gets where its reader has another address by now: nobody is written to at one
 * that they gave up. Nothing where the address is the same.
 *
 * @throws AppError `conflict` where the edition has been sent to that address before.
 */
export async function findPresentAddress(
  tx: Kysely<Schema>,
  editionId: string,
  deliveryId: number,
): Promise<{ readonly address?: string; readonly address_key?: string; readonly lane?: string }> {
  const { rows } = await sql<{ address: string; address_key: string; lane: string; other: number | null }>`
    select subscriber.email as address, subscriber.address_key,
      coalesce((select value from json_each(edition.lanes) where value = ${domainOfSql('subscriber.email')}), '') as lane,
      (select other.id from delivery as other
        where other.edition_id = delivery.edition_id and other.address_key = subscriber.address_key) as other
    from delivery join edition on edition.id = delivery.edition_id join subscriber on subscriber.id = delivery.subscriber_id
    where delivery.id = ${deliveryId} and delivery.edition_id = ${editionId} and ${hasMoved}`.execute(tx);
  const [found] = rows;
  if (found === undefined) return {};
  const { other, ...present } = found;
  if (other === null) return present;
  throw new AppError(
    'conflict',
    `The reader of delivery ${deliveryId} has another address by now, to which this edition went as delivery ${other}: count ${deliveryId} as sent.`,
  );
}

/** See `DeliveryRecords.listMoved`. */
export async function listMoved(database: Database, editionId: string): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ id: number; email: string }>`
    select delivery.id, subscriber.email from delivery join subscriber on subscriber.id = delivery.subscriber_id
    where delivery.edition_id = ${editionId} and ${isInRest('in_doubt')} and ${hasMoved}`.execute(database);
  return new Map(rows.map(({ id, email }) => [id, email]));
}
