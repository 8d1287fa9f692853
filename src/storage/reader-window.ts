import { type Kysely, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import type { Rhythm } from '../subscribers/index.ts';
import type { Schema } from './schema.ts';
import { isReceiving } from './subscriber-row.ts';

/** Readers of a newsletter, by id. */
export interface ReaderWindow {
  readonly newsletter: string;
  readonly rhythms: readonly Rhythm[];
  readonly now: Instant;
  /** Above this id, up to and with that one. */
  readonly after: number;
  readonly last: number;
}

/** The id up to which the next subscriptions reach; null where there are none left. */
export async function findWindowEnd(
  db: Kysely<Schema>,
  { newsletter, after }: Pick<ReaderWindow, 'newsletter' | 'after'>,
  size: number,
): Promise<number | null> {
  const { rows } = await sql<{ last: number | null }>`
    select max(subscriber_id) as last from (
      select subscriber_id from subscription where newsletter = ${newsletter} and subscriber_id > ${after}
      order by subscriber_id limit ${size})`.execute(db);
  return rows[0]?.last ?? null;
}

/**
 * Who is accounted for: readers of the newsletter in these rhythms, those too whose pause is over; those who are suspended are excluded
 * with that reason. Of a `subscription` joined with its `reader`.
 */
export function isReaderIn({ newsletter, rhythms, now, after, last }: ReaderWindow) {
  return sql<boolean>`subscription.newsletter = ${newsletter} and ${isReceiving(now)}
    and subscription.rhythm in (${sql.join(rhythms)})
    and reader.state in ('active', 'suspended') and reader.email is not null
    and subscription.subscriber_id > ${after} and subscription.subscriber_id <= ${last}`;
}
