import { sql } from 'kysely';
import type { OutboxIndex } from '../../delivery/index.ts';
import { addressKey, type Keys } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';

/** Deliveries looked at for one answer. */
const window = 20_000;

export function createOutboxIndex(database: Database, keys: Keys): OutboxIndex {
  async function areKept(editionId: string): Promise<boolean> {
    const edition = await database
      .selectFrom('edition')
      .select('pruned_at')
      .where('id', '=', editionId)
      .where('frozen_at', 'is not', null)
      .executeTakeFirst();
    return edition !== undefined && edition.pruned_at === null;
  }

  /** Numbers of the variants whose subject has the words in it: SQLite knows the case of Latin letters only. */
  async function listVariants(editionId: string, words: string): Promise<number[]> {
    const variants = await database
      .selectFrom('edition_variant')
      .select(['number', 'subject'])
      .where('edition_id', '=', editionId)
      .execute();
    return variants.filter(({ subject }) => subject.toLowerCase().includes(words)).map(({ number }) => number);
  }

  return {
    async listWritten(editionId, after, text, limit) {
      if (!(await areKept(editionId))) return null;
      const words = text.toLowerCase();
      const variants = JSON.stringify(words === '' ? [] : await listVariants(editionId, words));
      const found = sql`state = 'sent' and address is not null and (
        ${words} = '' or instr(lower(address), ${words}) > 0 or variant in (select value from json_each(${variants})))`;
      const { rows } = await sql<{ id: number; address: string }>`
        select id, address from (
          select id, address, state, variant from delivery
          where edition_id = ${editionId} and id > ${after} order by id limit ${window})
        where ${found} order by id limit ${limit + 1}`.execute(database);
      const messages = rows.slice(0, limit).map(({ id, address }) => ({ deliveryId: id, address }));
      if (rows.length > limit) return { messages, next: messages.at(-1)?.deliveryId ?? null };
      const end = await sql<{ id: number }>`
        select id from delivery where edition_id = ${editionId} and id > ${after} order by id limit 1 offset ${window - 1}`.execute(
        database,
      );
      return { messages, next: end.rows[0]?.id ?? null };
    },

    async findWritten(editionId, email) {
      const row = await database
        .selectFrom('delivery')
        .select(['id', 'address', 'state'])
        .where('edition_id', '=', editionId)
        .where('address_key', '=', addressKey(keys, email))
        .where('variant', 'is not', null)
        .executeTakeFirst();
      if (row === undefined || row.address === null || row.state !== 'sent') return null;
      return { deliveryId: row.id, address: row.address };
    },
  };
}
