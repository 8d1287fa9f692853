import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../src/delivery/rate-limit.ts';

describe('createRateLimit', () => {
  it('lets a tenth of a second through at once, then the rate', async () => {
    const limit = createRateLimit(50, () => 1000);
    const { signal } = new AbortController();
    const started = performance.now();
    // A clock that stands still: the sixth must wait one gap of 20 ms, the seventh two.
    for (let count = 0; count < 5; count += 1) await limit.take(signal);
    const burst = performance.now() - started;
    await limit.take(signal);
    await limit.take(signal);
    expect(performance.now() - started - burst).toBeGreaterThanOrEqual(55);
  });

  it('saves nothing up while nobody sends', async () => {
    let at = 0;
    const limit = createRateLimit(10, () => at);
    const stop = new AbortController();
    await limit.take(stop.signal);
    at = 3_600_000;
    await limit.take(stop.signal);
    const third = limit.take(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(third).rejects.toThrow();
  });

  it('refuses at once after an abort', async () => {
    const limit = createRateLimit(10);
    await expect(limit.take(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
