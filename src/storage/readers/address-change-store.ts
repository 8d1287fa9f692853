import { type AddressChangeStore, addressKey, type Keys } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import { recordChange } from './consent-record.ts';

/** Addresses that readers want to change to. */
export function createAddressChangeStore(database: Database, keys: Keys): AddressChangeStore {
  const find = async (id: number) => {
    const row = await database.selectFrom('address_change').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? { subscriberId: row.subscriber_id, email: row.email } : null;
  };
  return {
    keepChange: (subscriberId, email, now) =>
      database.transaction().execute(async (tx) => {
        await tx.deleteFrom('address_change').where('subscriber_id', '=', subscriberId).execute();
        const { id } = await tx
          .insertInto('address_change')
          .values({ subscriber_id: subscriberId, email, at: now })
          .returning('id')
          .executeTakeFirstOrThrow();
        return Number(id);
      }),

    findChange: find,

    applyChange: (id, wording, now) =>
      database.transaction().execute(async (tx) => {
        const change = await tx.selectFrom('address_change').selectAll().where('id', '=', id).executeTakeFirst();
        if (!change) return 'none';
        const key = addressKey(keys, change.email);
        const [other, suppressed] = [
          await tx
            .selectFrom('subscriber')
            .select('id')
            .where('address_key', '=', key)
            .where('id', '!=', change.subscriber_id)
            .executeTakeFirst(),
          await tx.selectFrom('suppression').select('since').where('address_key', '=', key).executeTakeFirst(),
        ];
        if (other || suppressed) return 'refused';
        await tx.deleteFrom('address_change').where('id', '=', id).execute();
        await tx
          .updateTable('subscriber')
          .set((eb) => ({
            email: change.email,
            address_key: key,
            // What was held against the old address doesn't count against the new one.
            state: eb.case().when('state', '=', 'suspended').then('active').else(eb.ref('state')).end(),
          }))
          .where('id', '=', change.subscriber_id)
          .execute();
        await recordChange(tx, change.subscriber_id, { what: 'changed', newsletters: [], wording, how: 'page' }, now);
        return 'changed';
      }),
  };
}
