import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { systemClock } from '../../clock.ts';
import type { FreezeInput, ReaderChoice } from '../../delivery/index.ts';
import { AppError } from '../../errors.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { windowSize } from '../delivery/audience-store.ts';
import { listPast } from '../delivery/list-past.ts';
import { type Memory, openMemory } from '../delivery/past-stories.ts';
import { exclusionOf, findWindowEnd, isReaderIn, type ReaderWindow } from '../readers/reader-window.ts';
import { createLanes, domainOfSql, findLargeDomains, type Lanes } from './edition-lanes.ts';
import { freezerHold } from './freezer-hold.ts';

/** Rows per transaction. */
const chunkSize = 2000;
const freezerPollMs = 100;

/**
 * Writes an edition's content and audience in short transactions; only the last one lets it go. See
 * `DeliveryLedger.freeze`.
 */
export async function freezeEdition(database: Database, input: FreezeInput): Promise<void> {
  const freezer = await becomeFreezer(database, input);
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
  const past = input.again ? [] : await listPast(database, input.stories, input.now);
  const progress: Progress = {
    variants: new Map(),
    lanes: createLanes(await findLargeDomains(database, input.newsletter)),
    memory: await openMemory(database, past),
    readers: [],
  };
  let after = 0;
  let frozen = 0;
  for (;;) {
    const chunk = await database.transaction().execute((tx) => freezeChunk(tx, input, freezer, progress, after));
    if (chunk === null) break;
    after = chunk.last;
    frozen += chunk.readers;
    input.onProgress?.(frozen);
    await nextTurn();
  }
  await database.transaction().execute(async (tx) => {
    await keepFreezing(tx, input.editionId, freezer);
    await writeReaders(tx, input.editionId, progress.readers);
    await tx
      .updateTable('edition')
      .set({
        state: 'sending',
        reason: null,
        transport: input.transport,
        cutoff: input.cutoff,
        frozen_at: input.now,
        expires_at: input.expiresAt,
        lanes: JSON.stringify(['', ...progress.lanes.own]),
        freezer: null,
        freezer_until: null,
      })
      .where('id', '=', input.editionId)
      .execute();
  });
}

interface Progress {
  /** Their numbers, by what they are. */
  readonly variants: Map<string, number>;
  readonly lanes: Lanes;
  readonly memory: Memory;
  /** How many there are by the variant's number. */
  readonly readers: number[];
}

/**
 * Two schedulers, or a scheduler and a command, may meet here: one freezes, the other waits and then finds it done. Other
 * editions are waited for too, so that each knows what the ones before it bring.
 */
async function becomeFreezer(database: Database, { editionId, revision }: FreezeInput): Promise<string> {
  const freezer = randomUUID();
  for (;;) {
    const mine = await database.transaction().execute(async (tx) => {
      const edition = await tx
        .selectFrom('edition')
        .select(['state', 'revision'])
        .where('id', '=', editionId)
        .executeTakeFirst();
      if (!edition) throw new AppError('not_found', `There is no edition ${editionId}.`);
      if (edition.state !== 'approved') {
        throw new AppError('conflict', `The edition ${editionId} is ${edition.state}, not approved.`);
      }
      if (edition.revision !== revision) {
        throw new AppError('conflict', `The edition ${editionId} was arranged anew while it was being composed.`);
      }
      const busy = await tx
        .selectFrom('edition')
        .select('id')
        .where('state', '=', sql.lit('approved')) // as a literal: the partial index is for exactly this
        .where('freezer_until', '>', systemClock.now())
        // One further ahead was written before the clock was set back.
        .where('freezer_until', '<=', freezerHold())
        .executeTakeFirst();
      if (busy) return false;
      await tx
        .updateTable('edition')
        .set({ freezer, freezer_until: freezerHold() })
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
    .set({ freezer_until: freezerHold() })
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
  for (const [position, { key, versions }] of input.stories.entries()) {
    await tx
      .insertInto('edition_story')
      .values({ edition_id: editionId, story_key: key, position, versions: JSON.stringify(versions) })
      .execute();
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
  { variants, lanes, memory, readers }: Progress,
  after: number,
): Promise<{ last: number; readers: number } | null> {
  const { editionId, newsletter, rhythms, audience, now } = input;
  await keepFreezing(tx, editionId, freezer);
  const last = await findWindowEnd(tx, { newsletter, after }, windowSize(memory));
  if (last === null) return null;
  const window: ReaderWindow = { newsletter, rhythms, audience, now, after, last };
  const had = await memory.read(tx, window);
  await enterChoices(tx, input, { variants, memory }, window, had);
  const newest = await sql<{ id: number | null }>`select max(id) as id from delivery`.execute(tx);
  const { numAffectedRows = 0n } = await sql`
    insert into delivery (edition_id, subscriber_id, address, address_key, lang, lane, variant, state, reason, updated_at)
    select ${editionId}, id, email, address_key, lang, lane, case when reason is null then variant end,
      case when reason is null then 'queued' else 'excluded' end, reason, ${now}
    from (
      select reader.id, reader.email, reader.address_key, reader.lang, choice.variant,
        coalesce((select value from json_each(${JSON.stringify(lanes.own)})
          where value = ${domainOfSql('reader.email')}), '') as lane,
        coalesce(${exclusionOf(input.excludeReserved)}, case
          when received.id is not null then 'already_received'
          when choice.variant is null then 'nothing_for_reader'
        end) as reason
      from subscription
      join subscriber as reader on reader.id = subscription.subscriber_id
      left join ${had} as had on had.id = reader.id
      join edition_choice as choice on choice.edition_id = ${editionId} and choice.choice = reader.choice
        and choice.had = coalesce(had.had, '')
      left join suppression on suppression.address_key = reader.address_key
      left join delivery as received on received.edition_id = ${editionId}
        and received.address_key = reader.address_key and received.variant is not null
      where ${isReaderIn(window)}
    ) order by id`.execute(tx);
  await lanes.count(tx, editionId, newest.rows[0]?.id ?? 0);
  await countReaders(tx, editionId, newest.rows[0]?.id ?? 0, readers);
  await tx
    .updateTable('edition')
    .set((eb) => ({ candidates: eb('candidates', '+', Number(numAffectedRows)) }))
    .where('id', '=', editionId)
    .execute();
  return { last, readers: Number(numAffectedRows) };
}

/** Counts the readers of each variant that were frozen after an id. */
async function countReaders(tx: Kysely<Schema>, editionId: string, after: number, readers: number[]): Promise<void> {
  const { rows } = await sql<{ variant: number; readers: number }>`
    select variant, count(*) as readers from delivery
    where id > ${after} and edition_id = ${editionId} and variant is not null group by 1`.execute(tx);
  for (const row of rows) readers[row.variant] = (readers[row.variant] ?? 0) + row.readers;
}

async function writeReaders(tx: Kysely<Schema>, editionId: string, readers: readonly number[]): Promise<void> {
  await sql`
    update edition_variant set readers = coalesce(
      (select value from json_each(${JSON.stringify(readers)}) where key = edition_variant.number), 0)
    where edition_id = ${editionId}`.execute(tx);
}

/** Makes sure that each choice among the next readers, with what they have had, leads to a variant, or to none. */
async function enterChoices(
  tx: Kysely<Schema>,
  { editionId, variantFor }: FreezeInput,
  { variants, memory }: Pick<Progress, 'variants' | 'memory'>,
  window: ReaderWindow,
  hadByReader: RawBuilder<unknown>,
): Promise<void> {
  const unknown = await sql<{ choice: string; had: string }>`
    select distinct reader.choice, coalesce(had.had, '') as had from subscription
    join subscriber as reader on reader.id = subscription.subscriber_id
    left join ${hadByReader} as had on had.id = reader.id
    where ${isReaderIn(window)} and not exists (select 1 from edition_choice as known
      where known.edition_id = ${editionId} and known.choice = reader.choice and known.had = coalesce(had.had, ''))`.execute(
    tx,
  );
  for (const { choice, had } of unknown.rows) {
    const variant = variantFor(JSON.parse(choice) as ReaderChoice, memory.parse(had)); // written by the subscriber store
    let number: number | null = null;
    if (variant !== null) {
      const identity = JSON.stringify([variant.lang, variant.stories]);
      number = variants.get(identity) ?? variants.size;
      if (!variants.has(identity)) {
        variants.set(identity, number);
        await tx
          .insertInto('edition_variant')
          .values({
            edition_id: editionId,
            number,
            lang: variant.lang,
            stories: JSON.stringify(variant.stories),
            subject: variant.subject,
            preheader: variant.preheader,
          })
          .execute();
      }
    }
    await tx.insertInto('edition_choice').values({ edition_id: editionId, choice, had, variant: number }).execute();
  }
}
