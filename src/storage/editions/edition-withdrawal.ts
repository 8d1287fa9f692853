import { sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { GivenUp, WithdrawnVersion } from '../../delivery/index.ts';
import type { ToldStory } from '../../digest/index.ts';
import type { Database } from '../database/database.ts';
import { changeAll } from './edition-end.ts';
import { isPending } from './edition-row.ts';

/** See `DeliveryLedger.heedWithdrawn`. */
export async function heedWithdrawn(
  database: Database,
  langOf: ReadonlyMap<string, string>,
  now: Instant,
  alsoOf: string,
): Promise<GivenUp[]> {
  const stories = await listOpenStories(database, alsoOf);
  const givenUp: GivenUp[] = [];
  for (const [editionId, told] of Map.groupBy(stories, ({ edition_id }) => edition_id)) {
    const gone = told.flatMap(({ story_key: key, versions }) =>
      Object.keys(JSON.parse(versions) as object).flatMap((id): WithdrawnVersion[] => {
        const lang = langOf.get(id);
        return lang === undefined ? [] : [{ key, lang }];
      }),
    );
    const added = await noteVariants(database, editionId, gone);
    if (added.length === 0) continue;
    const readers = await changeAll(
      database,
      editionId,
      ['queued', 'claimed', 'deferred'],
      { state: 'cancelled', reason: 'article_withdrawn', updated_at: now },
      sql<boolean>`variant in (${sql.join(added)})`,
    );
    if (readers > 0) givenUp.push({ editionId, readers });
  }
  return givenUp;
}

/**
 * Of editions that may still go out, and of those in which an article was withdrawn, which may be back. The plus keeps
 * SQLite from going through all that were ever frozen.
 */
async function listOpenStories(
  database: Database,
  alsoOf: string,
): Promise<readonly { edition_id: string; story_key: string; versions: string }[]> {
  const { rows } = await sql<{ edition_id: string; story_key: string; versions: string }>`
    select edition_id, story_key, versions from edition_story where edition_id in (
      select id from edition where ${isPending} and +frozen_at is not null
      union all select edition_id from edition_withdrawal
      union all select ${alsoOf})`.execute(database);
  return rows;
}

/** Keeps which variants of an edition hold what is gone now; returns those that were not known to. */
async function noteVariants(
  database: Database,
  editionId: string,
  gone: readonly WithdrawnVersion[],
): Promise<readonly number[]> {
  return database.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('edition_withdrawal')
      .select('variant')
      .where('edition_id', '=', editionId)
      .execute();
    if (gone.length === 0 && known.length === 0) return [];
    const variants = await tx
      .selectFrom('edition_variant')
      .select(['number', 'stories'])
      .where('edition_id', '=', editionId)
      .execute();
    const holding = variants.filter(({ stories }) =>
      (JSON.parse(stories) as ToldStory[]).some(
        (
          told, // written by the freeze as it stands
        ) => gone.some(({ key, lang }) => told.key === key && told.lang === lang),
      ),
    );
    const numbers = holding.map(({ number }) => number);
    for (const { variant } of known) {
      if (numbers.includes(variant)) continue;
      await tx
        .deleteFrom('edition_withdrawal')
        .where('edition_id', '=', editionId)
        .where('variant', '=', variant)
        .execute();
    }
    const added = numbers.filter((number) => !known.some(({ variant }) => variant === number));
    for (const variant of added) {
      await tx.insertInto('edition_withdrawal').values({ edition_id: editionId, variant }).execute();
    }
    return added;
  });
}
