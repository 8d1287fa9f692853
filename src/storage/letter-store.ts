import { type Kysely, type Selectable, sql } from 'kysely';
import { type Instant, plusMs } from '../clock.ts';
import {
  addressKey,
  type Keys,
  type Letter,
  type LetterKind,
  type LetterPosting,
  type LetterStore,
  letterRules,
  type NewLetter,
} from '../subscribers/index.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { LetterTable } from './tables/readers.ts';

const dayMs = 24 * 3_600_000;

export function createLetterStore(database: Database, keys: Keys): LetterStore {
  return {
    addLetter: (letter, now) => database.transaction().execute((tx) => addLetter(tx, keys, letter, now)),

    async hasDue(now) {
      const row = await database
        .selectFrom('letter')
        .select('id')
        .where('state', '=', sql.lit('queued'))
        .where('not_before', '<=', now)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    claimLetters: (now, until, limit) =>
      database.transaction().execute(async (tx) => {
        await cancelUnwanted(tx, now);
        const rows = await tx
          .updateTable('letter')
          .set({ not_before: until })
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('letter')
              .select('id')
              .where('state', '=', sql.lit('queued'))
              .where('not_before', '<=', now)
              .orderBy('not_before')
              .orderBy('id')
              .limit(limit),
          )
          .returningAll()
          .execute();
        return rows.flatMap(letterOf).toSorted((a, b) => a.id - b.id);
      }),

    async settleLetter(id, state, reply, now) {
      await database
        .updateTable('letter')
        .set((eb) => ({ state, reply, settled_at: now, tries: eb('tries', '+', 1) }))
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .execute();
    },

    async deferLetter(id, notBefore, reply, counts) {
      await database
        .updateTable('letter')
        .set((eb) => ({ not_before: notBefore, reply, tries: eb('tries', '+', counts ? 1 : 0) }))
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .execute();
    },
  };
}

/** Within the caller's transaction; see `LetterStore.addLetter`. */
export async function addLetter(
  tx: Kysely<Schema>,
  keys: Keys,
  letter: NewLetter,
  now: Instant,
): Promise<LetterPosting> {
  const key = addressKey(keys, letter.address);
  if (await isLimited(tx, key, letter.kind, now)) return 'limited';
  await tx
    .insertInto('letter')
    .values({
      kind: letter.kind,
      subscriber_id: letter.subscriberId,
      address: letter.address,
      address_key: key,
      lang: letter.lang,
      payload: JSON.stringify(letter.payload),
      state: 'queued',
      not_before: now,
      created_at: now,
    })
    .execute();
  return 'posted';
}

/** Whether an address has got as many letters as the kind's rule allows, or `perMonth` where that is less. */
export async function isLimited(
  tx: Kysely<Schema>,
  key: string,
  kind: LetterKind,
  now: Instant,
  perMonth = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const rule = letterRules[kind];
  const { day, month } = await tx
    .selectFrom('letter')
    .select((eb) => [
      eb.fn.countAll<number>().as('month'),
      sql<number>`coalesce(sum(created_at > ${plusMs(now, -dayMs)}), 0)`.as('day'),
    ])
    .where('address_key', '=', key)
    .where('kind', 'in', rule.countedWith)
    .where('created_at', '>', plusMs(now, -30 * dayMs))
    .executeTakeFirstOrThrow();
  return Number(day) >= rule.perDay || Number(month) >= Math.min(rule.perMonth, perMonth);
}

async function cancelUnwanted(tx: Kysely<Schema>, now: Instant): Promise<void> {
  const reaching = Object.entries(letterRules).flatMap(([kind, rule]) => (rule.reachesSuppressed ? [kind] : []));
  await sql`
    update letter set state = 'cancelled', settled_at = ${now}
    where state = 'queued' and not_before <= ${now} and (
      address is null
      or not exists (select 1 from subscriber where id = letter.subscriber_id and state <> 'erased')
      or (kind not in (select value from json_each(${JSON.stringify(reaching)}))
        and exists (select 1 from suppression where suppression.address_key = letter.address_key)))`.execute(tx);
}

function letterOf(row: Selectable<LetterTable>): Letter[] {
  if (row.address === null || row.subscriber_id === null) return [];
  const { id, tries, address, lang } = row;
  // Only `addLetter` writes rows, so the payload is the kind's.
  const { kind, payload } = { kind: row.kind as LetterKind, payload: JSON.parse(row.payload) };
  return [{ id, kind, subscriberId: row.subscriber_id, address, lang, payload, tries, createdAt: row.created_at }];
}
