import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/delivery/pace/pace.ts';

/** Sends as fast as it may, from `now` on for so long; returns when each went. */
function run(pace: Pace, start: number, lengthMs: number, reserve: (now: number) => number): number[] {
  const sent: number[] = [];
  let now = start;
  while (now < start + lengthMs) {
    const waitMs = pace.waitMs(now);
    if (waitMs === null) pace.refill(reserve(now));
    else if (waitMs > 0) now += waitMs;
    else {
      pace.take(now);
      sent.push(now);
    }
  }
  return sent;
}

/** A bucket as the database keeps it. */
function bucketOf(pace: Pace): (now: number) => number {
  let next = 0;
  return (now) => {
    const from = Math.max(next, now - pace.slice.behindMs);
    next = from + pace.slice.lengthMs;
    return from;
  };
}

describe('Pace', () => {
  it.each([
    [50, 10_000, 500],
    [7, 10_000, 70],
    [2000, 2000, 4000],
    [1000 / 3600, 36_000, 10],
  ])('lets %d a second through, with a tenth of a second at once at most', (perSecond, lengthMs, expected) => {
    const pace = new Pace(perSecond);
    const sent = run(pace, 1_000_000, lengthMs, bucketOf(pace));
    const burst = Math.max(1, perSecond / 10);
    expect(sent.length).toBeGreaterThanOrEqual(Math.floor(expected * 0.99));
    expect(sent.length).toBeLessThanOrEqual(expected + burst);
    for (let index = 0; index + perSecond < sent.length; index += 1) {
      const within = sent.filter((at) => at >= (sent[index] ?? 0) && at < (sent[index] ?? 0) + 1000).length;
      expect(within).toBeLessThanOrEqual(Math.ceil(perSecond + burst));
      index += 50;
    }
  });

  it('is the same for two processes and over a restart', () => {
    const first = new Pace(10);
    const reserve = bucketOf(first);
    const sent = run(first, 1_000_000, 5000, reserve);
    // Started again at once, with nothing but the bucket.
    sent.push(...run(new Pace(10), 1_005_000, 5000, reserve));
    expect(sent.length).toBeLessThanOrEqual(101);
    expect(sent.length).toBeGreaterThan(85);
  });

  it('is kept by two processes together while one of them is held up again and again', () => {
    const bucket = bucketOf(new Pace(30));
    const processes = [new Pace(30), new Pace(30)];
    const sent: number[] = [];
    for (let now = 1_000_000; now < 1_020_000; now += 5) {
      for (const [index, pace] of processes.entries()) {
        // The second does nothing for 0.7 of every 1.1 seconds.
        if (index === 1 && now % 1100 < 700) continue;
        if (pace.waitMs(now) === null) pace.refill(bucket(now));
        if (pace.waitMs(now) !== 0) continue;
        pace.take(now);
        sent.push(now);
      }
    }
    const inSecondAfter = (start: number) => sent.filter((at) => at >= start && at < start + 1000).length;
    expect(Math.max(...sent.map(inSecondAfter))).toBeLessThanOrEqual(36);
    expect(sent.length).toBeGreaterThan(20 * 30 * 0.7);
  });

  it('makes up for no pause', () => {
    const pace = new Pace(10);
    const reserve = bucketOf(pace);
    run(pace, 1_000_000, 1000, reserve);
    expect(run(pace, 2_000_000, 1000, reserve).length).toBeLessThanOrEqual(11);
  });
});
