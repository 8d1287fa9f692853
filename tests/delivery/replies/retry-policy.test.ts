import { describe, expect, it } from 'vitest';
import { toMs } from '../../../src/clock.ts';
import { judgeReply, nextTry } from '../../../src/delivery/replies/retry-policy.ts';

const now = '2026-11-27T03:00:00.000Z';

describe('nextTry', () => {
  it('waits longer each time, then four hours', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((tries) => (toMs(nextTry(tries, now, 0.5)) - toMs(now)) / 60_000);
    expect(minutes).toEqual([5, 10, 20, 40, 60, 120, 240, 240, 240]);
  });

  it('spreads tries by a fifth each way', () => {
    const minutes = (random: number): number => (toMs(nextTry(1, now, random)) - toMs(now)) / 60_000;
    expect(minutes(0)).toBe(4);
    expect(minutes(0.999_999)).toBeCloseTo(6, 2);
  });
});

describe('judgeReply', () => {
  it.each([
    ['250 2.0.0 queued', 'sent'],
    ['421 4.3.2 going down', 'deferred'],
    ['450 4.2.0 greylisted', 'deferred'],
    ['451-4.7.1 many lines\n451 4.7.1 slow down', 'deferred'],
    ['550 5.1.1 no such user', 'failed'],
    ['554 rejected', 'failed'],
    ['550 4.7.28 too much of it', 'deferred'],
    ['552 5.2.2 the mailbox is full', 'deferred'],
    ['450 5.1.1 no such user', 'deferred'],
    ['550 5.7.1 we think that this is spam', 'failed'],
    ['what is this', 'deferred'],
  ])('takes %j for %s', (reply, kind) => {
    expect(judgeReply(reply, 'final_dot')).toBe(kind);
  });
});
