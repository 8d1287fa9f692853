import { type Kysely, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import type { Schema } from './schema.ts';

export interface NewConsent {
  readonly what: 'changed' | 'left';
  readonly newsletters: readonly string[];
  /** What was agreed to, word by word; empty where nothing was agreed to. */
  readonly wording: string;
  readonly how: string;
}

/** Adds to the record of a reader's consents, with their lists and language as they stand now. */
export async function recordConsent(
  tx: Kysely<Schema>,
  subscriberId: number,
  { what, newsletters, wording, how }: NewConsent,
  now: Instant,
): Promise<void> {
  await sql`
    insert into consent (subscriber_id, what, newsletters, lists, wording, lang, version, how, at)
    select id, ${what}, ${JSON.stringify(newsletters)}, choice, ${wording}, lang, '', ${how}, ${now}
    from subscriber where id = ${subscriberId}`.execute(tx);
}
