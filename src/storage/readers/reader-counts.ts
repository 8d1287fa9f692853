import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { ReaderCount, ReaderCounts, ReaderDay, SubscriberState } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';

/** In the tables `reader_count`, `subscriber_count` and `reader_day`, which triggers keep. */
export function createReaderCounts(database: Database): ReaderCounts {
  return {
    async listCounts(now) {
      const { rows } = await sql<ReaderCount>`
        select newsletter, lang, rhythm, sum(count * ${isReading(now)}) as reading, sum(count * ${isPaused(now)}) as paused,
          sum(count * (reader_state = 'suspended' and state <> 'left')) as suspended,
          sum(count * (reader_state = 'suppressed' and state <> 'left')) as suppressed,
          sum(count * (state = 'left')) as "left"
        from reader_count group by newsletter, lang, rhythm
        having sum(count) > 0 order by newsletter, lang, rhythm`.execute(database);
      return rows;
    },

    async countSubscribers() {
      const rows = await database
        .selectFrom('subscriber_count')
        .select((eb) => ['state', eb.fn.sum<number>('count').as('count')])
        .groupBy('state')
        .execute();
      const counted = new Map(rows.map(({ state, count }) => [state, Number(count)]));
      const of = (state: SubscriberState): number => counted.get(state) ?? 0;
      return { pending: of('pending'), active: of('active'), suspended: of('suspended'), erased: of('erased') };
    },

    async listDays(newsletter, from, to) {
      const before = await database
        .selectFrom('reader_day')
        .select((eb) => eb.fn.sum<number | null>('change').as('reading'))
        .where('newsletter', '=', newsletter)
        .where('day', '<', from)
        .executeTakeFirst();
      const rows = await database
        .selectFrom('reader_day')
        .select(['day', 'joined', 'left', 'change'])
        .where('newsletter', '=', newsletter)
        .where('day', '>=', from)
        .where('day', '<=', to)
        .execute();
      const known = new Map(rows.map((row) => [row.day, row]));
      const days: ReaderDay[] = [];
      let reading = Number(before?.reading ?? 0);
      for (const day of daysFrom(from, to)) {
        const { joined = 0, left = 0, change = 0 } = known.get(day) ?? {};
        reading += change;
        days.push({ day, joined, left, reading });
      }
      return days;
    },
  };
}

/** How many would get the newsletter's editions now. */
export async function countReading(db: Kysely<Schema>, newsletter: string, now: Instant): Promise<number> {
  const { rows } = await sql<{ readers: number | null }>`
    select sum(count) as readers from reader_count where newsletter = ${newsletter} and ${isReading(now)}`.execute(db);
  return Number(rows[0]?.readers ?? 0);
}

function isReading(now: Instant) {
  return sql`(reader_state = 'active' and (state = 'active' or (state = 'paused' and paused_until between '1' and ${now})))`;
}

function isPaused(now: Instant) {
  return sql`(reader_state = 'active' and state = 'paused' and not paused_until between '1' and ${now})`;
}

function* daysFrom(from: string, to: string): Generator<string> {
  const day = new Date(`${from}T00:00:00.000Z`);
  for (let text = from; text <= to; text = day.toISOString().slice(0, 10)) {
    yield text;
    day.setUTCDate(day.getUTCDate() + 1);
  }
}
