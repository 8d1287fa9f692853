import { describe, expect, it } from 'vitest';
import {
  accept,
  connectionsAt,
  isForgotten,
  noThrottle,
  recoveredMs,
  refuse,
  slowDown,
} from '../../../src/delivery/pace/domain-throttle.ts';

const now = 1_700_000_000_000;
const minute = 60_000;
const attempt = (beganAt: number, underWay = 10) => ({ beganAt, underWay });

describe('slowDown', () => {
  it('halves the connections to a domain, counted from those in use', () => {
    const once = slowDown(noThrottle, attempt(now), now);
    expect(connectionsAt(once, now)).toBe(5);
    expect(connectionsAt(slowDown(once, attempt(now + 1, 5), now + 2), now + 2)).toBeCloseTo(2.5, 2);
  });

  it('takes ten complaints at once for one', () => {
    let throttle = slowDown(noThrottle, attempt(now - 100), now);
    for (let index = 0; index < 9; index += 1) throttle = slowDown(throttle, attempt(now - 100), now + index);
    expect(connectionsAt(throttle, now)).toBe(5);
  });

  it('never quite stops', () => {
    let throttle = noThrottle;
    for (let at = now; at < now + 100; at += 1) throttle = slowDown(throttle, attempt(at, 1), at);
    expect(connectionsAt(throttle, now + 100)).toBeCloseTo(1 / 16, 3);
  });

  it('is over little by little', () => {
    const throttle = slowDown(noThrottle, attempt(now), now);
    expect(connectionsAt(throttle, now + 10 * minute)).toBe(10);
    expect(connectionsAt(throttle, now + 90 * minute)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('refuse', () => {
  it('closes a domain that has taken nothing so far at its first word', () => {
    const closed = refuse(noThrottle, attempt(now), false, now);
    expect(closed.closedUntil).toBe(now + 15 * minute);
    expect(connectionsAt(closed, now)).toBe(0);
    expect(connectionsAt(closed, now + 15 * minute)).toBe(1);
  });

  it('closes one that takes mail only when it refuses three in a row', () => {
    let throttle = refuse(refuse(noThrottle, attempt(now), true, now), attempt(now), true, now);
    expect(connectionsAt(throttle, now)).toBe(Number.POSITIVE_INFINITY);
    expect(accept(throttle, attempt(now), now).refusals).toBe(0);
    throttle = refuse(throttle, attempt(now), true, now);
    expect(connectionsAt(throttle, now)).toBe(0);
  });

  it('closes for longer when the one that finds out is refused too, four hours at most', () => {
    let throttle = refuse(noThrottle, attempt(now), false, now);
    const waits: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      const at = throttle.closedUntil ?? 0;
      throttle = refuse(throttle, attempt(at), false, at);
      waits.push(((throttle.closedUntil ?? 0) - at) / minute);
    }
    expect(waits).toEqual([30, 60, 120, 240, 240, 240]);
  });

  it('hears nothing new in what was under way when it closed', () => {
    const closed = refuse(noThrottle, attempt(now - 5), false, now);
    expect(refuse(closed, attempt(now - 5), false, now + 1)).toBe(closed);
    expect(accept(closed, attempt(now - 5), now + 1)).toBe(closed);
  });
});

describe('accept', () => {
  it('opens a closed domain again, slowly', () => {
    const closed = refuse(noThrottle, attempt(now), false, now);
    const at = now + 16 * minute;
    const open = accept(closed, attempt(at), at);
    expect(connectionsAt(open, at)).toBe(1);
    expect(connectionsAt(open, at + 30 * minute)).toBe(8);
  });
});

describe('isForgotten', () => {
  const slowest = { ...noThrottle, connections: 1 / 16, changedAt: now };

  it('is true once the slowest domain gets as much as any other, and not before', () => {
    expect(isForgotten(slowest, now + recoveredMs - 1)).toBe(false);
    expect(isForgotten(slowest, now + recoveredMs)).toBe(true);
  });

  it('is false of one that was closed and has taken nothing since, or has begun to refuse', () => {
    const refused = refuse(noThrottle, attempt(now), false, now);
    expect(isForgotten(refused, now + 10 * recoveredMs)).toBe(false);
    expect(isForgotten(refuse(noThrottle, attempt(now), true, now), now + 10 * recoveredMs)).toBe(false);
  });

  it('is true of what was written before the clock was set back', () => {
    const closed = refuse(noThrottle, attempt(now), false, now);
    expect(isForgotten(closed, now - 10 * minute)).toBe(true);
    expect(isForgotten(closed, now - 1)).toBe(false);
  });
});
