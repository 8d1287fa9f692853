import { describe, expect, it } from 'vitest';
import { isWorkerLive, ownProcess, type WorkerRecord } from '../../src/delivery/index.ts';
import { isProcessAlive, isWorkerDead } from '../../src/delivery/worker-liveness.ts';

const own = { host: 'here', pid: 10, startedAt: '2026-11-27T03:00:00.000Z', isAlive: (pid: number) => pid === 20 };
const worker: WorkerRecord = {
  id: 'w',
  host: 'here',
  pid: 20,
  transport: 'outbox',
  startedAt: '2026-11-27T02:00:00.000Z',
  heartbeatAt: '2026-11-27T03:00:00.000Z',
};

describe('isWorkerDead', () => {
  it.each<[string, Partial<WorkerRecord>, boolean]>([
    ['a living process', {}, false],
    ['a pid that is gone', { pid: 21 }, true],
    ['another machine, whatever the pid', { host: 'there', pid: 21 }, false],
    ['our pid before we started', { pid: 10 }, true],
    ['a sibling in this process', { pid: 10, startedAt: '2026-11-27T03:00:01.000Z' }, false],
  ])('judges %s', (_, change, dead) => {
    expect(isWorkerDead({ ...worker, ...change }, own)).toBe(dead);
  });
});

describe('isWorkerLive', () => {
  it('is true for one that beats', () => {
    expect(isWorkerLive(worker, own, '2026-11-27T03:00:29.000Z')).toBe(true);
    expect(isWorkerLive(worker, own, '2026-11-27T03:00:30.000Z')).toBe(false);
    expect(isWorkerLive({ ...worker, pid: 21 }, own, '2026-11-27T03:00:01.000Z')).toBe(false);
  });
});

describe('isProcessAlive', () => {
  it('knows this process, and one that cannot be', () => {
    expect(isProcessAlive(process.pid)).toBe(true);
    expect(isProcessAlive(2 ** 30)).toBe(false);
    expect(ownProcess()).toMatchObject({ pid: process.pid });
  });
});
