import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type Instant, plusMs, systemClock } from '../../src/clock.ts';
import { createPreferenceStore, createReaderCounts, createSignUpStore } from '../../src/storage/index.ts';
import { readerCounts } from '../../src/storage/migrations/0019-reader-counts.ts';
import type { ReaderCounts } from '../../src/subscribers/index.ts';
import { newReader, openReaderStore, type ReaderStore } from '../support/reader-store.ts';

const dayMs = 24 * 3_600_000;
const newsletters = ['daily', 'weekly'] as const;
const wording = { text: 'I ask for it.', lang: 'en', version: 'abc' };

/** A store with everything that moves its figures, each as the program does it. */
async function openDesk() {
  const readers = await openReaderStore();
  const { database, keys, store } = readers;
  const preferences = createPreferenceStore(database);
  const signUps = createSignUpStore(database, keys);
  const findReader = (email: string) => store.findByEmail(email);

  const moves: Readonly<
    Record<string, (email: string, newsletter: string, lang: string, now: Instant) => Promise<unknown>>
  > = {
    add: (email, newsletter, lang, now) =>
      store.addSubscribers([newReader(email, { newsletters: [newsletter], languages: [lang] })], now),
    import: (email, newsletter, lang, now) =>
      store.addSubscribers(
        [newReader(email, { newsletters: [newsletter], languages: [lang], source: 'import', state: 'suspended' })],
        now,
      ),
    importPaused: (email, newsletter, _lang, now) =>
      store.addSubscribers(
        [
          newReader(email, {
            source: 'import',
            newsletters: [...newsletters],
            exceptions: new Map([[newsletter, { state: 'paused', pausedUntil: plusMs(now, -dayMs) }]]),
          }),
        ],
        now,
      ),
    importLeft: (email, newsletter, _lang, now) =>
      store.addSubscribers([newReader(email, { source: 'import', newsletters: [newsletter], left: true })], now),
    importSuppressed: (email, _newsletter, _lang, now) =>
      store.addSubscribers([newReader(email, { source: 'import', suppressed: 'operator' })], now),
    async signUp(email, newsletter, lang, now) {
      const wishes = {
        languages: [lang],
        newsletters: [newsletter],
        countries: [],
        topics: [],
        rhythm: 'each',
      } as const;
      await signUps.keepSignUp({ email, wishes, wording, how: 'form', ip: null }, now);
      await signUps.settleSignUps(now);
    },
    async confirm(email, _newsletter, _lang, now) {
      const asked = await database
        .selectFrom('consent')
        .innerJoin('subscriber', 'subscriber.id', 'consent.subscriber_id')
        .select(['consent.id', 'subscriber_id'])
        .where('email', '=', email)
        .where('what', '=', 'asked')
        .orderBy('consent.id', 'desc')
        .executeTakeFirst();
      if (asked) await signUps.confirm(asked.subscriber_id, asked.id, wording, now);
    },
    async leave(email, newsletter, _lang, now) {
      const found = await findReader(email);
      if (found) await store.leave(found.subscriber.id, newsletter, 'one-click', now);
    },
    async leaveAll(email, _newsletter, _lang, now) {
      const found = await findReader(email);
      if (found) await store.leaveAll(found.subscriber.id, 'page', now);
    },
    async undo(email, newsletter, _lang, now) {
      const found = await findReader(email);
      const left = found?.subscriptions.find((one) => one.newsletter === newsletter && one.state === 'left');
      if (found && left) await preferences.undoLeaving(found.subscriber.id, left.since, wording, now);
    },
    async pause(email, newsletter, _lang, now) {
      const found = await findReader(email);
      if (found)
        await preferences.ease(found.subscriber.id, newsletter, { pausedUntil: plusMs(now, 30 * dayMs) }, 'page', now);
    },
    async wish(email, newsletter, lang, now) {
      const found = await findReader(email);
      const wish = {
        rhythm: lang === 'fa' ? 'monthly' : 'each',
        pause: lang === 'fa' ? { until: null } : null,
      } as const;
      const wishes = { languages: [lang], countries: [], topics: [], newsletters: new Map([[newsletter, wish]]) };
      if (found) await preferences.saveWishes(found.subscriber.id, wishes, newsletters, wording, now);
    },
    // As a bounce does it: src/storage/bounce-record.ts.
    suspend: (email) =>
      database
        .updateTable('subscriber')
        .set({ state: 'suspended' })
        .where('email', '=', email)
        .where('state', '=', 'active')
        .execute(),
    suppress: (email, _newsletter, _lang, now) => store.suppress(email, 'address_gone', now),
    lift: (email) => store.liftSuppression(email),
    async erase(email, newsletter, _lang, now) {
      const found = await findReader(email);
      if (found) await store.erase(found.subscriber.id, { keepOut: newsletter === 'daily' }, now);
    },
    // As one who never confirmed goes: src/storage/retention-store.ts.
    remove: (email) => database.deleteFrom('subscriber').where('email', '=', email).execute(),
  };
  return { ...readers, moves, counts: createReaderCounts(database) };
}

/** What a count of every row says. */
async function countAll({ database }: Pick<ReaderStore, 'database'>, now: Instant) {
  const { rows } = await sql<Record<string, string | number>>`
    with kept as (
      select newsletter, subscription.state, lang, rhythm, subscriber.state as reader,
        suppression.address_key is not null as suppressed,
        subscription.state = 'paused' and (paused_until is null or paused_until > ${now}) as pausing
      from subscription join subscriber on subscriber.id = subscriber_id
      left join suppression on suppression.address_key = subscriber.address_key)
    select newsletter, lang, rhythm,
      sum(state <> 'left' and reader = 'active' and not suppressed and not pausing) as reading,
      sum(state <> 'left' and reader = 'active' and not suppressed and pausing) as paused,
      sum(state <> 'left' and reader = 'suspended') as suspended,
      sum(state <> 'left' and reader = 'active' and suppressed) as suppressed,
      sum(state = 'left') as "left"
    from kept group by newsletter, lang, rhythm order by newsletter, lang, rhythm`.execute(database);
  return rows;
}

async function countPeople({ database }: Pick<ReaderStore, 'database'>) {
  const { rows } = await sql<{
    state: string;
    count: number;
  }>`select state, count(*) as count from subscriber group by state`.execute(database);
  return {
    pending: 0,
    active: 0,
    suspended: 0,
    erased: 0,
    ...Object.fromEntries(rows.map(({ state, count }) => [state, count])),
  };
}

/** How many read a newsletter at the end of each day from yesterday on. */
async function readingByDay(counts: ReaderCounts, newsletter: string, days: number) {
  const from = plusMs(systemClock.now(), -dayMs).slice(0, 10);
  return counts.listDays(newsletter, from, plusMs(systemClock.now(), days * dayMs).slice(0, 10));
}

describe('ReaderCounts', () => {
  it('says what a count of every row says, whatever was done in whatever order', { timeout: 60_000 }, async () => {
    const desk = await openDesk();
    const names = Object.keys(desk.moves);
    const step = fc.record({
      move: fc.constantFrom(...names),
      email: fc.constantFrom('a@example.com', 'b@example.com', 'c@example.com'),
      newsletter: fc.constantFrom(...newsletters),
      lang: fc.constantFrom('en', 'fa'),
    });
    // One after the other on the same rows: each run goes on where the last one left them.
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        for (const { move, email, newsletter, lang } of steps) {
          await desk.moves[move]?.(email, newsletter, lang, systemClock.now());
        }
        const now = systemClock.now();
        expect(await desk.counts.listCounts(now)).toEqual(await countAll(desk, now));
        expect(await desk.counts.countSubscribers()).toEqual(await countPeople(desk));
        for (const newsletter of newsletters) {
          expect(await desk.store.countReaders(newsletter, now)).toBe(
            sumOf(await desk.counts.listCounts(now), newsletter, 'reading'),
          );
          const days = await readingByDay(desk.counts, newsletter, 40);
          const later = days.filter(({ day }) => day >= now.slice(0, 10));
          for (const { day, reading } of [later[0], later.at(-1)].filter((one) => one !== undefined)) {
            const counted = await countAll(desk, `${day}T23:59:59.999Z`);
            expect(reading).toBe(sumOf(counted, newsletter, 'reading'));
          }
          const [{ on }] = (
            await sql<{
              on: number;
            }>`select count(*) as "on" from subscription join subscriber on subscriber.id = subscriber_id
              where newsletter = ${newsletter} and subscription.state <> 'left' and subscriber.state in ('active', 'suspended')`.execute(
              desk.database,
            )
          ).rows as [{ on: number }];
          expect(days.reduce((sum, { joined, left }) => sum + joined - left, 0)).toBe(on);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('shows every day between two, with those on which nothing happened', async () => {
    const { store, counts } = await openDesk();
    const now = systemClock.now();
    await store.addSubscribers([newReader('a@example.com'), newReader('b@example.com')], now);
    const id = (await store.findByEmail('b@example.com'))?.subscriber.id ?? 0;
    await store.leave(id, 'weekly', 'page', now);
    const today = now.slice(0, 10);
    const days = await counts.listDays('weekly', plusMs(now, -3 * dayMs).slice(0, 10), plusMs(now, dayMs).slice(0, 10));
    expect(days.map(({ joined, left, reading }) => [joined, left, reading])).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [2, 1, 1],
      [0, 0, 1],
    ]);
    expect(days[3]?.day).toBe(today);
    expect(await counts.listDays('monthly', today, today)).toEqual([{ day: today, joined: 0, left: 0, reading: 0 }]);
  });

  it('counts what was there before it was kept', async () => {
    const desk = await openDesk();
    const now = systemClock.now();
    const paused = new Map([['weekly', { state: 'paused', pausedUntil: plusMs(now, 30 * dayMs) }]] as const);
    await desk.store.addSubscribers(
      [
        newReader('a@example.com', { newsletters: ['daily', 'weekly'] }),
        newReader('b@example.com', { left: true }),
        newReader('c@example.com', { exceptions: paused, source: 'import' }),
        newReader('d@example.com', { state: 'suspended', languages: ['fa'] }),
        newReader('e@example.com'),
      ],
      now,
    );
    await desk.store.suppress('e@example.com', 'complaint', now);
    const before = [await desk.counts.listCounts(now), await desk.counts.countSubscribers()];
    const days = await readingByDay(desk.counts, 'weekly', 40);
    const { rows } = await sql<{ type: string; name: string }>`select type, name from sqlite_master
      where name in ('reader_count', 'reader_day', 'subscriber_count', 'examination')
        or (type = 'trigger' and (name like 'subscri%' or name like 'suppression%'))`.execute(desk.database);
    for (const { type, name } of rows.reverse()) await sql.raw(`drop ${type} ${name}`).execute(desk.database);

    await readerCounts.up(desk.database);
    expect([await desk.counts.listCounts(now), await desk.counts.countSubscribers()]).toEqual(before);
    const anew = await readingByDay(desk.counts, 'weekly', 40);
    expect(anew.map(({ day, reading }) => [day, reading])).toEqual(days.map(({ day, reading }) => [day, reading]));
    expect(anew.reduce((sum, { joined, left }) => sum + joined - left, 0)).toBe(4);
  });
});

function sumOf(rows: readonly object[], newsletter: string, column: string): number {
  return rows
    .map((row) => new Map(Object.entries(row)))
    .filter((row) => row.get('newsletter') === newsletter)
    .reduce((sum, row) => sum + Number(row.get(column)), 0);
}
