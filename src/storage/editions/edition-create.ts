import type { Kysely } from 'kysely';
import { type Edition, everybody, keyOfTime, type NewEdition } from '../../digest/index.ts';
import type { Schema } from '../database/schema.ts';
import { editionOf, overStates } from './edition-row.ts';
import { refuseSecond } from './second-edition.ts';

/** See `EditionStore.createEdition`. */
export async function createEdition(tx: Kysely<Schema>, edition: NewEdition): Promise<Edition | null> {
  const { requestToken = null } = edition;
  if (requestToken !== null) {
    const same = await tx
      .selectFrom('edition')
      .selectAll()
      .where('request_token', '=', requestToken)
      .executeTakeFirst();
    if (same) return editionOf(same);
  }
  const key = await freeKey(tx, edition);
  if (key === null) return null;
  await refuseSecond(tx, edition);
  const row = await tx
    .insertInto('edition')
    .values({
      id: `${edition.newsletter}-${key}`,
      newsletter: edition.newsletter,
      rhythm: edition.rhythm ?? 'each',
      key,
      state: edition.state,
      reason: edition.reason,
      trigger: edition.trigger,
      selection: JSON.stringify(edition.selection),
      audience: JSON.stringify(edition.audience ?? everybody),
      request_token: requestToken,
      opened_by: edition.openedBy?.name ?? null,
      opened_by_id: edition.openedBy?.id ?? null,
      arrangement: JSON.stringify(edition.arrangement ?? {}),
      due_at: edition.dueAt,
      cutoff: null,
      transport: null,
      created_at: edition.now,
      frozen_at: null,
      finished_at: overStates.includes(edition.state) ? edition.now : null,
      expires_at: null,
      candidates: 0,
      freezer: null,
      freezer_until: null,
      paused_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return editionOf(row);
}

/** `2026-11-27T0300Z`, with `-2` where it is taken; null where one of the same rhythm has it and no other is wanted. */
async function freeKey(tx: Kysely<Schema>, edition: NewEdition): Promise<string | null> {
  const plain = keyOfTime(edition.dueAt);
  const rows = await tx
    .selectFrom('edition')
    .select(['key', 'rhythm'])
    .where('newsletter', '=', edition.newsletter)
    .where('key', 'like', `${plain}%`)
    .execute();
  const taken = new Set(rows.map((row) => row.key));
  if (edition.key === 'once' && rows.some(({ rhythm }) => rhythm === (edition.rhythm ?? 'each'))) return null;
  if (!taken.has(plain)) return plain;
  for (let number = 2; ; number += 1) {
    const key = `${plain}-${number}`;
    if (!taken.has(key)) return key;
  }
}
