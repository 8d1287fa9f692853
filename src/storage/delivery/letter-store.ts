import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { type Instant, plusMs } from '../../clock.ts';
import type { LetterAnswer, LetterQueue } from '../../delivery/index.ts';
import {
  addressKey,
  type Keys,
  type Letter,
  type LetterKind,
  type LetterPosting,
  type LetterStore,
  letterRules,
  type NewLetter,
} from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import type { LetterTable } from '../tables/readers.ts';
import { recordBounces } from './bounce-record.ts';

const dayMs = 24 * 3_600_000;

export function createLetterStore(database: Database, keys: Keys): LetterStore & LetterQueue {
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

    async renewLetters(ids, until) {
      await database
        .updateTable('letter')
        .set({ not_before: until })
        .where('id', 'in', [...ids])
        .where('state', '=', 'queued')
        .where('not_before', '<', until)
        .execute();
    },

    settleLetter: (id, state, answer, now) => noteAnswer(database, id, { state, settled_at: now }, answer, now),

    deferLetter: (id, notBefore, answer, now) => noteAnswer(database, id, { not_before: notBefore }, answer, now),

    async returnLetter(id, notBefore) {
      await database
        .updateTable('letter')
        .set({ not_before: notBefore })
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .execute();
    },
  };
}

/** What a try came to, and what follows for the address. */
async function noteAnswer(
  database: Database,
  id: number,
  change: Pick<Updateable<LetterTable>, 'state' | 'settled_at' | 'not_before'>,
  { reply, against }: LetterAnswer,
  now: Instant,
): Promise<void> {
  await database.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('letter')
      .set((eb) => ({ ...change, reply, tries: eb('tries', '+', 1) }))
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .executeTakeFirst();
    if (against === null || numUpdatedRows === 0n) return;
    await recordBounces(tx, [{ letterId: id, class: against, status: null, said: reply }], now);
  });
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
