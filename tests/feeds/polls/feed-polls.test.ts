import { describe, expect, it, onTestFinished } from 'vitest';
import { createFeedPolls, type FeedPolls, type FeedTally } from '../../../src/feeds/index.ts';
import { silentLog } from '../../../src/log.ts';
import { type FixedClock, fixedClock } from '../../support/fixed-clock.ts';

const feedly = 'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)';

interface Counter {
  readonly polls: FeedPolls;
  readonly clock: FixedClock;
  readonly saved: { readonly day: string; readonly tallies: readonly FeedTally[] }[];
  isFull: boolean;
}

function counter(): Counter {
  const clock = fixedClock('2023-04-10T12:00:00.000Z');
  const one: Counter = {
    clock,
    saved: [],
    isFull: false,
    polls: createFeedPolls({
      store: {
        async addTallies(day, tallies) {
          if (one.isFull) throw new Error('database or disk is full');
          one.saved.push({ day, tallies });
        },
      },
      timezone: 'Asia/Tbilisi',
      clock,
      log: silentLog,
    }),
  };
  onTestFinished(() => one.polls.close());
  return one;
}

describe('createFeedPolls', () => {
  it('saves what was counted since the last time, by document', async () => {
    const { polls, saved } = counter();
    await polls.flush();
    polls.count('/rss.xml', false, feedly);
    polls.count('/rss.xml', true, undefined);
    polls.count('/rss.xml', true, feedly.replace('12', '13'));
    polls.count('/atom.xml', false, 'curl/8');
    await polls.flush();
    const reports = [{ name: 'Feedly', feedId: '', subscribers: 13 }];
    const tallies = [
      { path: '/rss.xml', polls: 3, unchanged: 2, reports },
      { path: '/atom.xml', polls: 1, unchanged: 0, reports: [] },
    ];
    expect(saved).toEqual([{ day: '2023-04-10', tallies }]);
    await polls.flush();
    expect(saved).toHaveLength(1);
  });

  it('counts for the publication’s day', async () => {
    const { polls, clock, saved } = counter();
    clock.set('2023-04-10T20:30:00.000Z');
    polls.count('/rss.xml', false, undefined);
    await polls.close();
    expect(saved.map(({ day }) => day)).toEqual(['2023-04-11']);
  });

  it('leaves archives out: nobody polls them', async () => {
    const { polls, saved } = counter();
    polls.count('/fa/archive/3/rss.xml', false, feedly);
    await polls.flush();
    expect(saved).toEqual([]);
  });

  it('keeps what could not be saved for the next time', async () => {
    const one = counter();
    one.isFull = true;
    one.polls.count('/rss.xml', true, feedly);
    await one.polls.flush();
    one.isFull = false;
    one.polls.count('/rss.xml', false, feedly.replace('12', '14'));
    await one.polls.flush();
    const reports = [{ name: 'Feedly', feedId: '', subscribers: 14 }];
    expect(one.saved[0]?.tallies).toEqual([{ path: '/rss.xml', polls: 2, unchanged: 1, reports }]);
  });

  it('holds a bounded number of made-up aggregators', async () => {
    const { polls, saved } = counter();
    for (let index = 0; index < 3000; index += 1) polls.count('/rss.xml', true, `Fake${index}/1 (5 subscribers)`);
    await polls.flush();
    expect(saved[0]?.tallies[0]).toMatchObject({ polls: 3000 });
    expect(saved[0]?.tallies[0]?.reports).toHaveLength(50);
  });
});
