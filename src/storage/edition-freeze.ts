import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { type Instant, plusMs, systemClock } from '../clock.ts';
import type { FreezeInput, ReaderChoice } from '../delivery/index.ts';
import { AppError } from '../errors.ts';
import type { Database } from './database.ts';
import { createLanes, domainOfSql, type Lanes } from './edition-lanes.ts';
import type { Schema } from './schema.ts';
import { isReceiving } from './subscriber-row.ts';

/** Readers per transaction: some ten milliseconds. */
const chunkSize = 2000;
/** How long another process keeps away from a freeze that shows no progress. Wall time: it is about living processes. */
const freezerLeaseMs = 10_000;
const freezerPollMs = 100;

/**
 * Writes an edition's content and audience in short transactions; only the last one lets it go. See
 * `DeliveryLedger.freeze`.
 */
export async function freezeEdition(database: Database, input: FreezeInput): Promise<void> {
  const freezer = await becomeFreezer(database, input.editionId);
  try {
    await freezeAs(freezer, database, input);
  } catch (error) {
    // What is half done stays for the next one to remove; it needn't wait for us.
    await database
      .updateTable('edition')
      .set({ freezer: null, freezer_until: null })
      .where('id', '=', input.editionId)
      .where('freezer', '=', freezer)
      .execute();
    throw error;
  }
}

async function freezeAs(freezer: string, database: Database, input: FreezeInput): Promise<void> {
  await removeHalfFrozen(database, input.editionId, freezer);
  await database.transaction().execute((tx) => writeContent(tx, input, freezer));
  const variants = new Map<string, number>();
  const lanes = createLanes();
  let after = 0;
  let frozen = 0;
  for (;;) {
    const chunk = await database
      .transaction()
      .execute((tx) => freezeChunk(tx, input, freezer, { variants, lanes }, after));
    if (chunk === null) break;
    after = chunk.last;
    frozen += chunk.readers;
    input.onProgress?.(frozen);
    await nextTurn();
  }
  await database.transaction().execute(async (tx) => {
    await keepFreezing(tx, input.editionId, freezer);
    await tx
      .updateTable('edition')
      .set({
        state: 'sending',
        reason: null,
        transport: input.transport,
        cutoff: input.cutoff,
        frozen_at: input.now,
        expires_at: input.expiresAt,
        lanes: JSON.stringify(['', ...lanes.own]),
        freezer: null,
        freezer_until: null,
      })
      .where('id', '=', input.editionId)
      .execute();
  });
}

/** Two schedulers, or a scheduler and a command, may meet here: one freezes, the other waits and then finds it done. */
async function becomeFreezer(database: Database, editionId: string): Promise<string> {
  const freezer = randomUUID();
  for (;;) {
    const mine = await database.transaction().execute(async (tx) => {
      const edition = await tx
        .selectFrom('edition')
        .select(['state', 'freezer', 'freezer_until'])
        .where('id', '=', editionId)
        .executeTakeFirst();
      if (!edition) throw new AppError('not_found', `There is no edition ${editionId}.`);
      if (edition.state !== 'approved') {
        throw new AppError('conflict', `The edition ${editionId} is ${edition.state}, not approved.`);
      }
      if (edition.freezer_until !== null && edition.freezer_until > systemClock.now()) return false;
      await tx
        .updateTable('edition')
        .set({ freezer, freezer_until: plusMs(systemClock.now(), freezerLeaseMs) })
        .where('id', '=', editionId)
        .execute();
      return true;
    });
    if (mine) return freezer;
    await pause(freezerPollMs);
  }
}

/** Renews the freezer's lease; throws where another process took over or the edition was cancelled meanwhile. */
async function keepFreezing(tx: Kysely<Schema>, editionId: string, freezer: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('edition')
    .set({ freezer_until: plusMs(systemClock.now(), freezerLeaseMs) })
    .where('id', '=', editionId)
    .where('freezer', '=', freezer)
    .where('state', '=', 'approved')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new AppError('conflict', `The edition ${editionId} was cancelled, or is frozen by another process.`);
  }
}

async function removeHalfFrozen(database: Database, editionId: string, freezer: string): Promise<void> {
  for (;;) {
    const removed = await database.transaction().execute(async (tx) => {
      await keepFreezing(tx, editionId, freezer);
      const { numAffectedRows = 0n } = await sql`
        delete from delivery where id in (
          select id from delivery where edition_id = ${editionId} order by id limit ${chunkSize})`.execute(tx);
      await tx
        .updateTable('edition')
        .set((eb) => ({ candidates: eb('candidates', '-', Number(numAffectedRows)) }))
        .where('id', '=', editionId)
        .execute();
      return numAffectedRows;
    });
    if (removed === 0n) return;
    await nextTurn();
  }
}

async function writeContent(tx: Kysely<Schema>, input: FreezeInput, freezer: string): Promise<void> {
  const { editionId } = input;
  await keepFreezing(tx, editionId, freezer);
  for (const table of ['edition_story', 'edition_pieces', 'edition_variant', 'edition_choice'] as const) {
    await tx.deleteFrom(table).where('edition_id', '=', editionId).execute();
  }
  for (const [position, storyKey] of input.storyKeys.entries()) {
    await tx.insertInto('edition_story').values({ edition_id: editionId, story_key: storyKey, position }).execute();
  }
  for (const pieces of input.pieces) {
    await tx
      .insertInto('edition_pieces')
      .values({ edition_id: editionId, lang: pieces.lang, pieces: JSON.stringify(pieces) })
      .execute();
  }
}

/** Freezes the next readers after an id; null when there are none left. */
async function freezeChunk(
  tx: Kysely<Schema>,
  input: FreezeInput,
  freezer: string,
  { variants, lanes }: { readonly variants: Map<string, number>; readonly lanes: Lanes },
  after: number,
): Promise<{ last: number; readers: number } | null> {
  const { editionId, newsletter, now } = input;
  await keepFreezing(tx, editionId, freezer);
  const window = await sql<{ last: number | null }>`
    select max(subscriber_id) as last from (
      select subscriber_id from subscription where newsletter = ${newsletter} and subscriber_id > ${after}
      order by subscriber_id limit ${chunkSize})`.execute(tx);
  const last = window.rows[0]?.last ?? null;
  if (last === null) return null;
  await enterChoices(tx, input, variants, after, last);
  const newest = await sql<{ id: number | null }>`select max(id) as id from delivery`.execute(tx);
  const { numAffectedRows = 0n } = await sql`
    insert into delivery (edition_id, subscriber_id, address, address_key, lang, lane, variant, state, reason, updated_at)
    select ${editionId}, id, email, address_key, lang, lane, case when reason is null then variant end,
      case when reason is null then 'queued' else 'excluded' end, reason, ${now}
    from (
      select reader.id, reader.email, reader.address_key, reader.lang, choice.variant,
        coalesce((select value from json_each(${JSON.stringify(lanes.own)})
          where value = ${domainOfSql('reader.email')}), '') as lane,
        case
          when reader.state = 'suspended' then 'suspended'
          when suppression.address_key is not null then 'suppressed'
          when ${input.excludeReserved ? 1 : 0} = 1 and ${isReserved} then 'reserved_domain'
          when received.id is not null then 'already_received'
          when choice.variant is null then 'nothing_for_reader'
        end as reason
      from subscription
      join subscriber as reader on reader.id = subscription.subscriber_id
      join edition_choice as choice on choice.edition_id = ${editionId} and choice.choice = reader.choice
      left join suppression on suppression.address_key = reader.address_key
      left join delivery as received on received.edition_id = ${editionId}
        and received.address_key = reader.address_key and received.variant is not null
      where ${isReader(newsletter, now)} and subscription.subscriber_id > ${after} and subscription.subscriber_id <= ${last}
    ) order by id`.execute(tx);
  await lanes.count(tx, editionId, newest.rows[0]?.id ?? 0);
  await tx
    .updateTable('edition')
    .set((eb) => ({ candidates: eb('candidates', '+', Number(numAffectedRows)) }))
    .where('id', '=', editionId)
    .execute();
  return { last, readers: Number(numAffectedRows) };
}

/**
 * Who is accounted for: readers of the newsletter, those too whose pause is over; those who are suspended are excluded
 * with that reason.
 */
export function isReader(newsletter: string, now: Instant) {
  return sql<boolean>`subscription.newsletter = ${newsletter} and ${isReceiving(now)}
    and reader.state in ('active', 'suspended') and reader.email is not null`;
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

/** Makes sure that each choice among the next readers leads to a variant, or to none. */
async function enterChoices(
  tx: Kysely<Schema>,
  { editionId, newsletter, variantFor, now }: FreezeInput,
  variants: Map<string, number>,
  after: number,
  last: number,
): Promise<void> {
  const unknown = await sql<{ choice: string }>`
    select distinct reader.choice from subscription
    join subscriber as reader on reader.id = subscription.subscriber_id
    where ${isReader(newsletter, now)} and subscription.subscriber_id > ${after} and subscription.subscriber_id <= ${last}
      and not exists (select 1 from edition_choice
        where edition_choice.edition_id = ${editionId} and edition_choice.choice = reader.choice)`.execute(tx);
  for (const { choice } of unknown.rows) {
    const variant = variantFor(JSON.parse(choice) as ReaderChoice); // written by the subscriber store
    let number: number | null = null;
    if (variant !== null) {
      const identity = JSON.stringify([variant.lang, variant.storyKeys]);
      number = variants.get(identity) ?? variants.size;
      if (!variants.has(identity)) {
        variants.set(identity, number);
        await tx
          .insertInto('edition_variant')
          .values({
            edition_id: editionId,
            number,
            lang: variant.lang,
            story_keys: JSON.stringify(variant.storyKeys),
            subject: variant.subject,
            preheader: variant.preheader,
          })
          .execute();
      }
    }
    await tx.insertInto('edition_choice').values({ edition_id: editionId, choice, variant: number }).execute();
  }
}
