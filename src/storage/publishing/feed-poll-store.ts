import { sql } from 'kysely';
import { type Instant, plusMs } from '../../clock.ts';
import type { AggregatorReport, FeedPollStore, FeedTally } from '../../feeds/index.ts';
import { type Database, inTransaction } from '../database/database.ts';

/** Aggregators of one document, so that made-up ones can't fill the disk. */
const maxAgents = 50;
const weekMs = 7 * 24 * 3_600_000;

/** Tables `feed_poll` and `feed_subscribers`. */
export function createFeedPollStore(database: Database): FeedPollStore {
  return {
    addTallies: (day, tallies, now) =>
      inTransaction(database, async (tx) => {
        for (const tally of tallies) {
          await addPolls(tx, day, tally);
          for (const report of tally.reports) await keepReport(tx, tally.path, report, now);
        }
      }),

    async listDays(paths, since) {
      return database
        .selectFrom('feed_poll')
        .selectAll()
        .where('path', 'in', paths)
        .where('day', '>=', since)
        .orderBy('path')
        .orderBy('day')
        .execute();
    },

    async listReports(paths, since) {
      const rows = await database
        .selectFrom('feed_subscribers')
        .selectAll()
        .where('path', 'in', paths)
        .where('seen_at', '>=', since)
        .orderBy('subscribers', 'desc')
        .orderBy('agent')
        .orderBy('feed_id')
        .orderBy('path')
        .execute();
      return rows.map(({ path, agent, feed_id, subscribers, seen_at }) => ({
        path,
        name: agent,
        feedId: feed_id,
        subscribers,
        seenAt: seen_at,
      }));
    },
  };
}

async function addPolls(tx: Database, day: string, { path, polls, unchanged }: FeedTally): Promise<void> {
  await sql`
    insert into feed_poll (path, day, polls, unchanged) values (${path}, ${day}, ${polls}, ${unchanged})
    on conflict (path, day) do update
      set polls = polls + excluded.polls, unchanged = unchanged + excluded.unchanged`.execute(tx);
}

async function keepReport(tx: Database, path: string, report: AggregatorReport, now: Instant): Promise<void> {
  const { name, feedId, subscribers } = report;
  const { numAffectedRows = 0n } = await sql`
    update feed_subscribers set subscribers = ${subscribers}, seen_at = ${now}
    where path = ${path} and agent = ${name} and feed_id = ${feedId}`.execute(tx);
  if (numAffectedRows > 0n) return;
  await sql`delete from feed_subscribers where path = ${path} and seen_at < ${plusMs(now, -weekMs)}`.execute(tx);
  await sql`
    insert into feed_subscribers (path, agent, feed_id, subscribers, seen_at)
    select ${path}, ${name}, ${feedId}, ${subscribers}, ${now}
    where (select count(*) from feed_subscribers where path = ${path}) < ${maxAgents}`.execute(tx);
}
