import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { plusMs, systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { startScheduler } from '../../src/schedule/index.ts';

describe('startScheduler', () => {
  it('ticks at once, and once more at a time that somebody asked for', async () => {
    const ticks: string[] = [];
    const asked = plusMs(systemClock.now(), 1000);
    const scheduler = startScheduler(async () => void ticks.push(systemClock.now()), silentLog, {
      findNext: async (after) => (asked > after ? asked : null),
      clock: systemClock,
    });
    onTestFinished(() => scheduler.stop());
    expect(ticks).toHaveLength(1);
    await vi.waitFor(() => expect(ticks.some((at) => at >= asked)).toBe(true), { timeout: 30_000, interval: 20 });
  });
});
