import { type Kysely, sql } from 'kysely';
import { type Instant, plusMs } from '../../clock.ts';
import { type FrozenStory, type PastStory, pastDays } from '../../delivery/index.ts';
import type { Schema } from '../database/schema.ts';

const dayMs = 24 * 3600 * 1000;

/** See `DeliveryLedger.listPast`. Editions whose deliveries aren’t kept any more can’t tell who had what. */
export async function listPast(
  db: Kysely<Schema>,
  stories: readonly FrozenStory[],
  now: Instant,
): Promise<PastStory[]> {
  const ours = new Map(stories.flatMap(({ key, versions }) => Object.keys(versions).map((id) => [id, key] as const)));
  for (const { key } of stories) ours.set(key, key);
  const ids = sql`(select value from json_each(${JSON.stringify([...ours.keys()])}))`;
  const { rows } = await sql<{ edition_id: string; story_key: string; versions: string }>`
    select edition_id, story_key, versions from edition
    join edition_story on edition_story.edition_id = edition.id
    where frozen_at > ${plusMs(now, -pastDays * dayMs)} and pruned_at is null
      and (story_key in ${ids} or exists (select 1 from json_each(versions) as version where version.key in ${ids}))
    order by frozen_at, edition.id, position`.execute(db);
  return rows.flatMap((row) => {
    const versions = JSON.parse(row.versions) as FrozenStory['versions']; // written by the freeze
    const id = [row.story_key, ...Object.keys(versions)].find((known) => ours.has(known)) ?? '';
    const key = ours.get(id);
    return key === undefined ? [] : [{ key, editionId: row.edition_id, keyThen: row.story_key, versions }];
  });
}
