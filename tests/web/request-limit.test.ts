import { describe, expect, it } from 'vitest';
import { createAskLimit } from '../../src/web/ask-limit.ts';
import { createRequestLimit } from '../../src/web/request-limit.ts';

describe('createRequestLimit', () => {
  function limitOf(clients?: number) {
    const clock = { now: 0 };
    const limit = createRequestLimit({
      requests: 20,
      periodMs: 10_000,
      ...(clients === undefined ? {} : { clients }),
      nowMs: () => clock.now,
    });
    const takeAll = (client: string): void => {
      for (let taken = 0; taken < 20; taken++) expect(limit.take(client)).toBeNull();
    };
    return { clock, limit, takeAll };
  }

  it('lets a client take all at once, and then as they come back', () => {
    const { clock, limit, takeAll } = limitOf();
    takeAll('a');
    expect(limit.take('a')).toBe(1);
    expect(limit.take('b')).toBeNull();
    clock.now = 500;
    expect(limit.take('a')).toBeNull();
    expect(limit.take('a')).not.toBeNull();
  });

  it('says after how long a tenth of them is back', () => {
    const { clock, limit, takeAll } = limitOf();
    takeAll('a');
    const seconds = limit.take('a') ?? 0;
    clock.now = seconds * 1000;
    expect([limit.take('a'), limit.take('a')]).toEqual([null, null]);
    expect(limit.take('a')).not.toBeNull();
  });

  it('never lets them grow beyond what may be taken at once', () => {
    const { clock, limit, takeAll } = limitOf();
    takeAll('a');
    clock.now = 3_600_000;
    takeAll('a');
    expect(limit.take('a')).not.toBeNull();
  });

  it('forgets whom it hasn’t seen for longest, so that many clients don’t fill the memory', () => {
    const { limit, takeAll } = limitOf(2);
    takeAll('a');
    takeAll('b');
    expect(limit.take('a')).not.toBeNull();
    limit.take('c'); // b goes: a was seen after it
    expect(limit.take('a')).not.toBeNull();
    expect(limit.take('b')).toBeNull();
  });
});

describe('createAskLimit', () => {
  it('lets all clients together ask a thousand times an hour, of which one that has had its share takes nothing', () => {
    let now = 0;
    const ask = createAskLimit(() => now);
    for (let count = 0; count < 500; count += 1) ask('greedy');
    const taken = Array.from({ length: 1500 }, (_, client) => ask(`client ${client}`)).filter((wait) => wait === null);
    expect(taken).toHaveLength(1000 - 20);
    expect(ask(null)).toBeGreaterThan(0);
    now = 3_600_000;
    expect(ask(null)).toBeNull();
  });
});
