import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { AudienceRequest, AudienceStore, ReaderChoice, ReaderGroup } from '../../delivery/index.ts';
import type { Database } from '../database/database.ts';
import { exclusionOf, findWindowEnd, isReaderIn } from '../readers/reader-window.ts';
import { type Memory, openMemory } from './past-stories.ts';

/** Subscriptions at a time: some ten milliseconds. Looking for what readers have had takes a step for each edition. */
export function windowSize({ editions }: Pick<Memory, 'editions'>): number {
  return Math.max(200, Math.min(2000, Math.floor(6000 / Math.max(1, editions.length))));
}

/** Counts in the thread that asks; where people are answered meanwhile, `openAudienceThread` is for them. */
export function createAudienceStore(database: Database): AudienceStore {
  return { listAudience: (request) => listAudience(database, request) };
}

async function listAudience(database: Database, request: AudienceRequest): Promise<ReaderGroup[]> {
  const { newsletter, rhythms, audience, excludeReserved, now, onProgress } = request;
  const memory = await openMemory(database, request.past);
  const groups = new Map<string, ReaderGroup>();
  let readers = 0;
  for (let after = 0; ; await nextTurn()) {
    const last = await findWindowEnd(database, { newsletter, after }, windowSize(memory));
    if (last === null) return [...groups.values()];
    const window = { newsletter, rhythms, audience, now, after, last };
    const { rows } = await sql<{ choice: string; had: string; excluded: ReaderGroup['excluded']; readers: number }>`
      select reader.choice, coalesce(had.had, '') as had, ${exclusionOf(excludeReserved)} as excluded, count(*) as readers
      from subscription
      join subscriber as reader on reader.id = subscription.subscriber_id
      left join ${await memory.read(database, window)} as had on had.id = reader.id
      left join suppression on suppression.address_key = reader.address_key
      where ${isReaderIn(window)} group by 1, 2, 3`.execute(database);
    for (const { choice, had, excluded, readers: here } of rows) {
      const key = `${choice}\n${had}\n${excluded}`;
      const known = groups.get(key);
      groups.set(key, {
        // Written by the subscriber store.
        choice: known?.choice ?? (JSON.parse(choice) as ReaderChoice),
        had: known?.had ?? memory.parse(had),
        excluded,
        readers: (known?.readers ?? 0) + here,
      });
      readers += here;
    }
    onProgress?.(readers);
    after = last;
  }
}
