import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FeedPollStore } from '../../src/feeds/index.ts';
import { createFeedPollStore, createRetentionStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Two connections to one database: `serve` and `worker`, or a server that is being replaced. */
async function openSqliteStores(): Promise<readonly [FeedPollStore, FeedPollStore]> {
  const file = join((await temporaryFolder()).path, 'silkpost.db');
  const [one, other] = [await openDatabase(file), await openDatabase(file)];
  onTestFinished(async () => {
    await one.destroy();
    await other.destroy();
  });
  return [createFeedPollStore(one), createFeedPollStore(other)];
}

const now = '2023-04-10T12:00:00.000Z';
const feedly = { name: 'Feedly', feedId: '', subscribers: 12 };
const tally = { path: '/rss.xml', polls: 3, unchanged: 2, reports: [] };

describe.each([['SQLite', openSqliteStores]])('FeedPollStore in %s', (_name, openStores) => {
  it('adds up what several processes count on one day', async () => {
    const [store, other] = await openStores();
    expect(await store.listDays(['/rss.xml'], '2023-01-01')).toEqual([]);
    await store.addTallies('2023-04-10', [tally, { ...tally, path: '/fa/rss.xml' }], now);
    await other.addTallies('2023-04-10', [{ ...tally, polls: 2, unchanged: 0 }], now);
    await store.addTallies('2023-04-11', [tally], now);
    await store.addTallies('2023-03-01', [tally], now);
    const days = await other.listDays(['/rss.xml', '/atom.xml'], '2023-04-01');
    expect(days).toEqual([
      { path: '/rss.xml', day: '2023-04-10', polls: 5, unchanged: 2 },
      { path: '/rss.xml', day: '2023-04-11', polls: 3, unchanged: 2 },
    ]);
  });

  it('keeps the last that each aggregator said, apart by its own id of the feed', async () => {
    const [store] = await openStores();
    const newsblur = { name: 'NewsBlur', feedId: '7', subscribers: 90 };
    await store.addTallies('2023-04-10', [{ ...tally, reports: [feedly, newsblur] }], now);
    const later = '2023-04-11T12:00:00.000Z';
    const reports = [
      { ...feedly, subscribers: 15 },
      { ...feedly, feedId: 'x', subscribers: 1 },
    ];
    await store.addTallies('2023-04-11', [{ ...tally, reports }], later);
    expect(await store.listReports(['/rss.xml'], now)).toEqual([
      { path: '/rss.xml', name: 'NewsBlur', feedId: '7', subscribers: 90, seenAt: now },
      { path: '/rss.xml', name: 'Feedly', feedId: '', subscribers: 15, seenAt: later },
      { path: '/rss.xml', name: 'Feedly', feedId: 'x', subscribers: 1, seenAt: later },
    ]);
    expect(await store.listReports(['/rss.xml'], later)).toHaveLength(2);
    expect(await store.listReports(['/atom.xml'], now)).toEqual([]);
  });

  it('is not filled by made-up aggregators, which push nobody out', async () => {
    const [store] = await openStores();
    await store.addTallies('2023-04-10', [{ ...tally, reports: [feedly] }], now);
    for (let minute = 0; minute < 4; minute += 1) {
      const reports = Array.from({ length: 40 }, (_, index) => ({ ...feedly, name: `Fake ${minute}-${index}` }));
      await store.addTallies('2023-04-10', [{ ...tally, reports }], now);
    }
    await store.addTallies('2023-04-10', [{ ...tally, reports: [{ ...feedly, subscribers: 13 }] }], now);
    const kept = await store.listReports(['/rss.xml'], now);
    expect(kept).toHaveLength(50);
    expect(kept[0]).toMatchObject({ name: 'Feedly', subscribers: 13 });
  });

  it('gives their places away once they were not seen for a week', async () => {
    const [store] = await openStores();
    const reports = Array.from({ length: 60 }, (_, index) => ({ ...feedly, name: `Fake ${index}` }));
    await store.addTallies('2023-04-10', [{ ...tally, reports }], now);
    await store.addTallies('2023-04-16', [{ ...tally, reports: [feedly] }], '2023-04-16T12:00:00.000Z');
    expect((await store.listReports(['/rss.xml'], now)).map(({ name }) => name)).not.toContain('Feedly');
    await store.addTallies('2023-04-18', [{ ...tally, reports: [feedly] }], '2023-04-18T12:00:00.000Z');
    expect((await store.listReports(['/rss.xml'], now)).map(({ name }) => name)).toEqual(['Feedly']);
  });
});

describe('retention of polls', () => {
  it('forgets days and reports with the deliveries of their time', async () => {
    const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
    onTestFinished(() => database.destroy());
    const store = createFeedPollStore(database);
    await store.addTallies(
      '2022-01-10',
      [{ ...tally, path: '/atom.xml', reports: [feedly] }],
      '2022-01-10T12:00:00.000Z',
    );
    await store.addTallies('2023-04-10', [{ ...tally, reports: [feedly] }], now);
    const deliveries = '2022-03-06T12:00:00.000Z';
    await createRetentionStore(database).prune({ deliveries, raw: now, letters: now, pending: now });
    expect(await store.listDays(['/rss.xml', '/atom.xml'], '2000-01-01')).toEqual([
      { path: '/rss.xml', day: '2023-04-10', polls: 3, unchanged: 2 },
    ]);
    expect(await store.listReports(['/rss.xml', '/atom.xml'], '2000-01-01T00:00:00.000Z')).toHaveLength(1);
  });
});
