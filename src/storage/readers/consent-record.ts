import type { Kysely } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { Wording } from '../../subscribers/index.ts';
import type { Schema } from '../database/schema.ts';

/** An entry in the record of what readers agreed to. */
export interface ConsentEntry {
  readonly subscriberId: number;
  /** See `Consent`. */
  readonly what: string;
  readonly newsletters: readonly string[];
  /** JSON `{"languages","countries","topics"}`, of a sign-up with its `rhythm`. */
  readonly lists: string;
  readonly wording: Wording;
  readonly how: string;
  readonly at: Instant;
  /** Default: none is kept. */
  readonly ip?: string | null;
  /** Of a confirmation: the entry of what was asked for. Default: none. */
  readonly reference?: number;
}

/** Adds to the record, which is written nowhere else. At least one; some hundreds at most. Returns the last one's number. */
export async function addConsents(tx: Kysely<Schema>, entries: readonly ConsentEntry[]): Promise<number> {
  const { insertId } = await tx
    .insertInto('consent')
    .values(
      entries.map(({ subscriberId, what, newsletters, lists, wording, how, at, ip, reference }) => ({
        subscriber_id: subscriberId,
        what,
        newsletters: JSON.stringify(newsletters),
        lists,
        wording: wording.text,
        lang: wording.lang,
        version: wording.version,
        how,
        at,
        ip: ip ?? null,
        reference: reference ?? null,
      })),
    )
    .executeTakeFirstOrThrow();
  return Number(insertId);
}

export interface ChangedConsent {
  readonly what: 'changed' | 'left';
  readonly newsletters: readonly string[];
  /** What was agreed to; null where nothing was. */
  readonly wording: Wording | null;
  readonly how: string;
}

/** Records what a reader changed, with their lists as they stand now. */
export async function recordChange(
  tx: Kysely<Schema>,
  subscriberId: number,
  { what, newsletters, wording, how }: ChangedConsent,
  now: Instant,
): Promise<void> {
  const { choice: lists, lang } = await tx
    .selectFrom('subscriber')
    .select(['choice', 'lang'])
    .where('id', '=', subscriberId)
    .executeTakeFirstOrThrow();
  const agreed = wording ?? { text: '', lang, version: '' };
  await addConsents(tx, [{ subscriberId, what, newsletters, lists, wording: agreed, how, at: now }]);
}
