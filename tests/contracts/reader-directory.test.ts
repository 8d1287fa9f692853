import { describe, expect, it } from 'vitest';
import { createReaderDirectory } from '../../src/storage/index.ts';
import { type ReaderSearch, readerHistory } from '../../src/subscribers/index.ts';
import { plansOf } from '../support/query-plans.ts';
import { newReader, openReaderStore } from '../support/reader-store.ts';

const now = '2026-11-23T08:00:00.000Z';
const everybody: ReaderSearch = { text: '', by: 'address', standing: null, newsletter: null, lang: null };

async function openDirectory() {
  const desk = await openReaderStore();
  const directory = createReaderDirectory(desk.database, desk.keys);
  const find = async (search: Partial<ReaderSearch>): Promise<(string | null)[]> =>
    (await directory.search({ ...everybody, ...search }, null)).readers.map(({ subscriber }) => subscriber.email);
  return { ...desk, directory, find };
}

describe('ReaderDirectory.search', () => {
  it('finds the beginning of an address in any case, width and script, and nothing that a pattern would', async () => {
    const { store, find } = await openDirectory();
    const emails = ['Ann@example.com', 'anna@example.com', 'bob@xn--90ais.test', 'a%b@example.com', 'a_b@example.com'];
    await store.addSubscribers(
      emails.map((email) => newReader(email)),
      now,
    );
    expect(await find({ text: 'ANN' })).toEqual(['Ann@example.com', 'anna@example.com']);
    expect(await find({ text: ' ann@' })).toEqual(['Ann@example.com']);
    expect(await find({ text: 'ａｎｎ＠ｅｘ' })).toEqual(['Ann@example.com']);
    expect(await find({ text: 'bob@бел' })).toEqual(['bob@xn--90ais.test']);
    expect(await find({ text: 'bob@БЕЛ.te' })).toEqual(['bob@xn--90ais.test']);
    expect(await find({ text: 'a%' })).toEqual(['a%b@example.com']);
    expect(await find({ text: 'a_' })).toEqual(['a_b@example.com']);
    expect(await find({ text: "'; drop table subscriber; --" })).toEqual([]);
    expect(await find({ text: 'zz' })).toEqual([]);
  });

  it('finds the beginning of a name in any script, whatever its case and accents', async () => {
    const { store, find } = await openDirectory();
    const names = ['Élodie Martin', 'İsmayıl Əliyev', 'Արմեն Սարգսյան', 'ΟΔΟΣ', 'მარიამი', 'نازنین', 'Zoë'];
    await store.addSubscribers(
      names.map((name, index) => newReader(`${index}@example.com`, { name })),
      now,
    );
    for (const [index, text] of ['elodie m', 'ismayıl ə', 'ԱՐՄԵՆ', 'οδος', 'მარ', 'ناز', 'ZOE'].entries()) {
      expect(await find({ by: 'name', text }), text).toEqual([`${index}@example.com`]);
    }
    expect(await find({ by: 'name', text: '' })).toHaveLength(names.length);
  });

  it('tells readers apart by state, newsletter and language', async () => {
    const { store, database, find } = await openDirectory();
    await store.addSubscribers(
      [
        newReader('a@example.com'),
        newReader('b@example.com', { languages: ['fa', 'en'], newsletters: ['daily'] }),
        newReader('c@example.com', { state: 'suspended', source: 'import' }),
        newReader('d@example.com'),
        newReader('e@example.com'),
        newReader('f@example.com'),
      ],
      now,
    );
    await store.suppress('d@example.com', 'complaint', now);
    await store.leave((await store.findByEmail('e@example.com'))?.subscriber.id ?? 0, 'weekly', 'page', now);
    await store.erase((await store.findByEmail('f@example.com'))?.subscriber.id ?? 0, { keepOut: false }, now);
    await database.updateTable('subscriber').set({ state: 'pending' }).where('email', '=', 'a@example.com').execute();
    expect(await find({})).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.com`));
    expect(await find({ standing: 'pending' })).toEqual(['a@example.com']);
    expect(await find({ standing: 'suspended' })).toEqual(['c@example.com']);
    expect(await find({ standing: 'suppressed' })).toEqual(['d@example.com']);
    expect(await find({ standing: 'active', newsletter: 'weekly' })).toEqual(['d@example.com']);
    expect(await find({ lang: 'fa' })).toEqual(['b@example.com']);
    expect(await find({ newsletter: 'daily', text: 'b' })).toEqual(['b@example.com']);
  });

  it('goes through all of them page by page, also where many have one name and few are asked for', async () => {
    const { database, directory } = await openDirectory();
    const rows = Array.from({ length: 30_000 }, (_, n) => ({
      email: `${String((n * 7919) % 30_000).padStart(5, '0')}@example.com`,
      key: n % 2 === 0 ? 'ann' : 'bob',
      lang: n % 15_000 === 3 ? 'ka' : 'en',
    }));
    for (let start = 0; start < rows.length; start += 2000) {
      await database
        .insertInto('subscriber')
        .values(
          rows.slice(start, start + 2000).map(({ email, key, lang }) => ({
            email,
            name: key,
            name_key: key,
            address_key: email,
            lang,
            languages: `["${lang}"]`,
            choice: `{"languages":["${lang}"],"countries":[],"topics":[]}`,
            timezone: null,
            state: 'active',
            sample: 0,
            created_at: now,
          })),
        )
        .execute();
    }
    const seen = new Set<string>();
    let pages = 0;
    for (let place = null; ; pages += 1) {
      const page = await directory.search({ ...everybody, by: 'name', text: 'ann' }, place);
      for (const { subscriber } of page.readers) seen.add(subscriber.email ?? '');
      expect(page.isCutShort).toBe(false);
      if (page.next === null) break;
      place = page.next;
    }
    expect([seen.size, pages]).toEqual([15_000, 299]);
    const first = await directory.search({ ...everybody, lang: 'ka' }, null);
    expect(first).toMatchObject({ isCutShort: true });
    const rest = [];
    for (let page = first; ; ) {
      rest.push(...page.readers);
      if (page.next === null) break;
      page = await directory.search({ ...everybody, lang: 'ka' }, page.next);
    }
    expect(rest).toHaveLength(2);
  });

  it('reads a stretch of an index for every search, and sorts nothing', async () => {
    const { database, directory } = await openDirectory();
    const page = { key: 'a', id: 7 };
    for (const by of ['address', 'name'] as const) {
      for (const standing of ['active', 'pending', 'suspended', 'suppressed', null] as const) {
        for (const after of [null, page]) {
          const search = { text: 'an', by, standing, newsletter: 'weekly', lang: 'en' };
          const plans = await plansOf(database, () => directory.search(search, after));
          for (const steps of plans) {
            expect(steps.join('\n')).not.toMatch(/TEMP B-TREE|SCAN (?:reader|subscription|suppression)/);
            expect(steps[0]).toMatch(
              /^SEARCH reader USING (?:COVERING )?INDEX subscriber_(?:address|name|waiting|suspended) /,
            );
          }
        }
      }
    }
  });
});

describe('ReaderDirectory.listSuppressions', () => {
  it('has the newest first, page by page, with who they are where a reader has the address', async () => {
    const { store, directory, database } = await openDirectory();
    const plans = await plansOf(database, async () => {
      await directory.listSuppressions(null);
      await directory.listSuppressions({ since: now, addressKey: '0' });
    });
    expect(plans).toHaveLength(2);
    expect(plans.flat().join()).not.toContain('TEMP B-TREE');
    await store.addSubscribers([newReader('ann@example.com')], now);
    await store.suppress('ANN@example.com', 'complaint', '2026-12-01T00:00:00.000Z');
    for (let n = 0; n < 60; n += 1) await store.suppress(`${n}@example.com`, 'address_gone', now);
    const first = await directory.listSuppressions(null);
    expect(first.suppressions).toHaveLength(50);
    expect(first.suppressions[0]).toMatchObject({ email: 'ann@example.com', subscriberId: 1, reason: 'complaint' });
    const second = await directory.listSuppressions(first.next);
    expect([second.suppressions.length, second.next]).toEqual([11, null]);
    const keys = [...first.suppressions, ...second.suppressions].map(({ addressKey }) => addressKey);
    expect(new Set(keys).size).toBe(61);
    expect(await directory.findSuppression('Ann@Example.com')).toMatchObject({ reason: 'complaint', subscriberId: 1 });
    expect(await directory.findSuppression('nobody@example.com')).toBeNull();
  });
});

describe('ReaderDirectory.findRecord', () => {
  it('tells what happened to a reader in its order, and keeps what an erased one left', async () => {
    const { store, directory } = await openDirectory();
    await store.addSubscribers([newReader('ann@example.com', { name: 'Ann' })], now);
    await store.leave(1, 'weekly', 'page', '2026-11-24T08:00:00.000Z');
    await store.suppress('ann@example.com', 'wrote to us', '2026-11-25T08:00:00.000Z');
    const record = await directory.findRecord(1);
    const page = await directory.listDeliveries(1, null);
    expect(record && readerHistory(record, page).map(({ kind, at }) => `${at.slice(8, 10)} ${kind}`)).toEqual([
      '25 suppressed',
      '24 consent',
      '23 consent',
      '23 added',
    ]);
    await store.erase(1, { keepOut: false }, now);
    expect(await directory.findRecord(1)).toMatchObject({
      subscriber: { email: null, name: null, state: 'erased' },
      consents: [{ what: 'vouched' }, { what: 'left' }],
    });
    expect(await directory.findRecord(2)).toBeNull();
  });
});

describe('ReaderDirectory.listDeliveries', () => {
  it('has the newest first, page by page, and of the rest what happened in the time of each page', async () => {
    const { store, database, directory } = await openDirectory();
    await store.addSubscribers([newReader('ann@example.com'), newReader('bob@example.com')], day(0));
    for (let n = 1; n <= 120; n += 1) {
      const id = `weekly-${n}`;
      await database
        .insertInto('edition')
        .values({
          id,
          newsletter: 'weekly',
          key: String(n),
          state: 'sent',
          trigger: 'schedule',
          selection: '{}',
          due_at: day(n),
          created_at: day(n),
          candidates: 2,
          reason: null,
          cutoff: null,
          transport: null,
          frozen_at: null,
          finished_at: null,
          expires_at: null,
          freezer: null,
          freezer_until: null,
          paused_at: null,
        })
        .execute();
      for (const reader of [1, 2]) {
        await database
          .insertInto('delivery')
          .values({
            edition_id: id,
            subscriber_id: reader,
            address: 'a@example.com',
            address_key: String(reader),
            lang: 'en',
            variant: 1,
            state: 'sent',
            reason: null,
            attempts: 1,
            not_before: null,
            lease_token: null,
            lease_until: null,
            worker: null,
            reply: '250 ok',
            phase: null,
            reply_class: null,
            message_id: null,
            attempted_at: day(n),
            outcome: null,
            updated_at: day(n),
          })
          .execute();
      }
    }
    await store.leave(1, 'weekly', 'page', day(100.5));
    const record = await directory.findRecord(1);
    const kinds: string[][] = [];
    const editions: string[] = [];
    for (let before: number | null = null; record !== null; ) {
      const page = await directory.listDeliveries(1, before);
      editions.push(...page.deliveries.map(({ editionId }) => editionId));
      kinds.push(readerHistory(record, page).flatMap(({ kind }) => (kind === 'delivery' ? [] : [kind])));
      if (!page.hasMore) break;
      before = page.deliveries.at(-1)?.id ?? null;
    }
    expect(editions).toEqual(Array.from({ length: 120 }, (_, n) => `weekly-${120 - n}`));
    expect(kinds).toEqual([['consent'], [], ['consent', 'added']]);
    // Of another reader's delivery nothing is told.
    expect((await directory.listDeliveries(2, 1)).before).toBeNull();
  });
});

/** So many days after the first. */
function day(days: number): string {
  return new Date(Date.UTC(2026, 0, 1) + days * 86_400_000).toISOString();
}
