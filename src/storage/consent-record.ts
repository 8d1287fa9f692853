import { type Kysely, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import type { Wording } from '../subscribers/index.ts';
import type { Schema } from './schema.ts';

export interface NewConsent {
  readonly what: 'changed' | 'left';
  readonly newsletters: readonly string[];
  /** What was agreed to; null where nothing was. */
  readonly wording: Wording | null;
  readonly how: string;
}

/** Adds to the record of a reader's consents, with their lists as they stand now. */
export async function recordConsent(
  tx: Kysely<Schema>,
  subscriberId: number,
  { what, newsletters, wording, how }: NewConsent,
  now: Instant,
): Promise<void> {
  await sql`
    insert into consent (subscriber_id, what, newsletters, lists, wording, lang, version, how, at)
    select id, ${what}, ${JSON.stringify(newsletters)}, choice, ${wording?.text ?? ''},
      coalesce(${wording?.lang ?? null}, lang), ${wording?.version ?? ''}, ${how}, ${now}
    from subscriber where id = ${subscriberId}`.execute(tx);
}
