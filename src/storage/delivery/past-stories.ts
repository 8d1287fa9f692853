import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { PastStory } from '../../delivery/index.ts';
import type { ToldStory } from '../../digest/index.ts';
import type { Schema } from '../database/schema.ts';
import type { ReaderWindow } from '../readers/reader-window.ts';

/** What each reader has had of an edition's stories. */
export interface Memory {
  /** The earlier editions in question. */
  readonly editions: readonly string[];
  /**
   * For SQL: `id` of each reader who has had any, and `had`, a text that is equal for all who have had the same.
   */
  read(db: Kysely<Schema>, window: ReaderWindow): Promise<RawBuilder<unknown>>;
  /** What a `had` stands for. */
  parse(had: string): PastStory[];
}

/** The way from what was delivered back to stories; where nothing is in question it reads nothing. */
export async function openMemory(db: Kysely<Schema>, past: readonly PastStory[]): Promise<Memory> {
  const editions = [...new Set(past.map(({ editionId }) => editionId))];
  const numbers = numbersOf(past);
  const told = new Map<string, readonly number[]>();
  for (const editionId of editions) {
    for (const [variant, there] of await variantsOf(db, editionId, past, numbers)) {
      told.set(`${editionId}\n${variant}`, there);
    }
    await nextTurn();
  }
  return {
    editions,
    async read(db, window) {
      const had = editions.length === 0 ? [] : await hadIn(db, window, editions, told, past);
      // As it stands SQLite makes an index of it for the one statement; without it, it reads all of them for each reader.
      return sql`(with had as materialized (
          select cast(value ->> 0 as integer) as id, value ->> 1 as had from json_each(${JSON.stringify(had)}))
        select id, had from had)`;
    },
    parse: (had) => (had === '' ? [] : had.split(' ').map((number) => past[Number(number)] as PastStory)), // as hadIn wrote
  };
}

/** Its number of each past story: that of the first that is the same, so that who had either has had the same. */
function numbersOf(past: readonly PastStory[]): ReadonlyMap<PastStory, number> {
  const first = new Map<string, number>();
  return new Map(
    past.map((story, index) => {
      const versions = Object.entries(story.versions).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const identity = JSON.stringify([story.key, versions]);
      const number = first.get(identity) ?? index;
      first.set(identity, number);
      return [story, number];
    }),
  );
}

/** The numbers of the past stories in each variant of an edition; variants without any are left out. */
async function variantsOf(
  db: Kysely<Schema>,
  editionId: string,
  past: readonly PastStory[],
  numbers: ReadonlyMap<PastStory, number>,
): Promise<[number, readonly number[]][]> {
  const there = new Map(
    past.filter((story) => story.editionId === editionId).map((story) => [story.keyThen, numbers.get(story) ?? -1]),
  );
  const rows = await db
    .selectFrom('edition_variant')
    .select(['number', 'stories'])
    .where('edition_id', '=', editionId)
    .execute();
  return rows.flatMap(({ number, stories }) => {
    const keys = (JSON.parse(stories) as ToldStory[]).map(({ key }) => there.get(key)); // written by the freeze
    const told = keys.filter((known) => known !== undefined);
    return told.length === 0 ? [] : [[number, told] satisfies [number, readonly number[]]];
  });
}

/**
 * Had is what was taken by a relay and hasn't come back, what may have been, and what is still to be sent. The joins' order
 * is given, so that it is one step in an index for each reader and edition.
 */
async function hadIn(
  db: Kysely<Schema>,
  { newsletter, after, last }: ReaderWindow,
  editions: readonly string[],
  told: ReadonlyMap<string, readonly number[]>,
  past: readonly PastStory[],
): Promise<[number, string][]> {
  const { rows } = await sql<{ id: number; edition_id: string; variant: number }>`
    select delivery.subscriber_id as id, delivery.edition_id, delivery.variant from subscription
    cross join json_each(${JSON.stringify(editions)}) as past
    cross join delivery on delivery.subscriber_id = subscription.subscriber_id and delivery.edition_id = past.value
    where subscription.newsletter = ${newsletter}
      and subscription.subscriber_id > ${after} and subscription.subscriber_id <= ${last}
      and delivery.state in ('queued', 'claimed', 'attempting', 'sent', 'deferred', 'in_doubt')
      and coalesce(delivery.outcome, '') <> 'bounced'`.execute(db);
  /** By reader, the last number of each story. */
  const readers = new Map<number, Map<string, number>>();
  for (const { id, edition_id: editionId, variant } of rows) {
    for (const number of told.get(`${editionId}\n${variant}`) ?? []) {
      const had = readers.get(id) ?? new Map<string, number>();
      const key = past[number]?.key ?? '';
      readers.set(id, had.set(key, Math.max(number, had.get(key) ?? 0)));
    }
  }
  return [...readers].map(([id, had]) => [id, [...had.values()].toSorted((a, b) => a - b).join(' ')]);
}
