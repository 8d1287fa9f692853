import { sql } from 'kysely';
import type { OwnData, OwnDataStore } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import { subscriberOf, subscriptionOf } from './subscriber-row.ts';

/** Everything that the tables hold about one reader. */
export function createOwnDataStore(database: Database): OwnDataStore {
  return {
    async findOwnData(id) {
      const row = await database.selectFrom('subscriber').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row || row.email === null) return null;
      const { id: _id, sample: _sample, ...profile } = subscriberOf(row);
      const [suppression, addressChange, subscriptions, consents, deliveries, bounces, letters] = await Promise.all([
        findReasonKeptOut(database, row.address_key),
        findAddressChange(database, id),
        database.selectFrom('subscription').selectAll().where('subscriber_id', '=', id).orderBy('newsletter').execute(),
        database
          .selectFrom('consent')
          .select(['what', 'newsletters', 'lists', 'wording', 'lang', 'version', 'how', 'at', 'ip'])
          .where('subscriber_id', '=', id)
          .orderBy('id')
          .execute(),
        listDeliveries(database, id),
        listBounces(database, id),
        listLetters(database, id),
      ]);
      return {
        profile,
        suppression,
        subscriptions: subscriptions.map((subscription) => {
          const { subscriberId: _, ...rest } = subscriptionOf(subscription);
          return rest;
        }),
        consents: consents.map((consent) => ({
          ...consent,
          newsletters: JSON.parse(consent.newsletters),
          lists: JSON.parse(consent.lists),
        })),
        deliveries,
        bounces,
        letters,
        addressChange,
      };
    },
  };
}

/** Why an address gets no mail; null where it gets some. */
export async function findReasonKeptOut(database: Database, addressKey: string): Promise<OwnData['suppression']> {
  const query = database.selectFrom('suppression').select(['reason', 'since']).where('address_key', '=', addressKey);
  return (await query.executeTakeFirst()) ?? null;
}

/** The address that a reader wants to have, until that is confirmed. */
export async function findAddressChange(database: Database, id: number): Promise<OwnData['addressChange']> {
  const query = database.selectFrom('address_change').select(['email', 'at']).where('subscriber_id', '=', id);
  return (await query.executeTakeFirst()) ?? null;
}

function listDeliveries(database: Database, id: number): Promise<OwnData['deliveries'][number][]> {
  return database
    .selectFrom('delivery')
    .innerJoin('edition', 'edition.id', 'delivery.edition_id')
    .select([
      'edition.newsletter',
      'edition.key as edition',
      'delivery.address',
      'delivery.lang',
      'delivery.state',
      'delivery.reason',
      'delivery.outcome',
      'delivery.attempts',
      'delivery.reply',
      'delivery.message_id as messageId',
      'delivery.attempted_at as attemptedAt',
      'delivery.updated_at as updatedAt',
    ])
    .where('delivery.subscriber_id', '=', id)
    .orderBy('delivery.id')
    .execute();
}

/** Oldest first. */
export function listLetters(database: Database, id: number): Promise<OwnData['letters'][number][]> {
  return database
    .selectFrom('letter')
    .select(['kind', 'state', 'lang', 'outcome', 'created_at as createdAt', 'settled_at as settledAt'])
    .where('subscriber_id', '=', id)
    .orderBy('id')
    .execute();
}

/** Oldest first. */
export async function listBounces(database: Database, id: number): Promise<OwnData['bounces'][number][]> {
  const columns = sql`class, status, said, sent_at as "sentAt", at`;
  const { rows } = await sql<OwnData['bounces'][number]>`
    select ${columns} from bounce where delivery_id in (select id from delivery where subscriber_id = ${id})
    union all select ${columns} from bounce where letter_id in (select id from letter where subscriber_id = ${id})
    order by at`.execute(database);
  return rows;
}
