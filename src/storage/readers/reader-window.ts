import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { EditionAudience } from '../../digest/index.ts';
import type { Rhythm } from '../../subscribers/index.ts';
import type { Schema } from '../database/schema.ts';
import { isReceiving } from './subscriber-row.ts';

/** Readers of a newsletter, by id. */
export interface ReaderWindow {
  readonly newsletter: string;
  readonly rhythms: readonly Rhythm[];
  readonly audience: EditionAudience;
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
export function isReaderIn({ newsletter, rhythms, audience, now, after, last }: ReaderWindow) {
  return sql<boolean>`subscription.newsletter = ${newsletter} and ${isReceiving(now)}
    and subscription.rhythm in (${sql.join(rhythms)})
    and reader.state in ('active', 'suspended') and reader.email is not null and ${isMeant(audience)}
    and subscription.subscriber_id > ${after} and subscription.subscriber_id <= ${last}`;
}

/** Others are no candidates. Of a `reader`. */
function isMeant({ languages, countries, gotEdition }: EditionAudience) {
  const conditions = [sql<boolean>`true`];
  if (languages.length > 0) conditions.push(sql`reader.lang in (${sql.join(languages)})`);
  if (countries.length > 0) {
    conditions.push(sql`(reader.choice ->> '$.countries' = '[]' or exists (
      select 1 from json_each(reader.choice, '$.countries') as country where country.value in (${sql.join(countries)})))`);
  }
  if (gotEdition !== null) {
    conditions.push(sql`exists (select 1 from delivery as got
      where got.subscriber_id = reader.id and got.edition_id = ${gotEdition} and got.state in ('sent', 'in_doubt')
        and coalesce(got.outcome, '') <> 'bounced')`);
  }
  return sql.join(conditions, sql` and `);
}

/**
 * Why a reader gets nothing whatever is in the edition, or null. Of a `reader` joined with its `suppression`.
 *
 * @param excludeReserved whether domains that nobody has are left out: the relay isn't on loopback.
 */
export function exclusionOf(excludeReserved: boolean) {
  return sql<'suspended' | 'suppressed' | 'reserved_domain' | null>`case
    when reader.state = 'suspended' then 'suspended'
    when suppression.address_key is not null then 'suppressed'
    when ${excludeReserved ? 1 : 0} = 1 and ${isReserved} then 'reserved_domain' end`;
}

/** Domains that RFC 2606 and RFC 6761 keep for examples and tests: no mail for them ever leaves for a real relay. */
const isReserved = sql<boolean>`(
  lower(reader.email) like '%@example.com' or lower(reader.email) like '%.example.com'
  or lower(reader.email) like '%@example.net' or lower(reader.email) like '%.example.net'
  or lower(reader.email) like '%@example.org' or lower(reader.email) like '%.example.org'
  or lower(reader.email) like '%.example' or lower(reader.email) like '%@example'
  or lower(reader.email) like '%.test' or lower(reader.email) like '%@test'
  or lower(reader.email) like '%.invalid' or lower(reader.email) like '%@invalid'
  or lower(reader.email) like '%.localhost' or lower(reader.email) like '%@localhost')`;
