import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config/index.ts';
import { fixedClock } from './support/fixed-clock.ts';
import { smallPublication } from './support/publication-folder.ts';

describe('openApp', () => {
  it('ends the threads of a first build whose keys can’t be read', async () => {
    const begun: Worker[] = [];
    const note = (worker: Worker): void => void begun.push(worker);
    process.on('worker', note);
    onTestFinished(() => void process.off('worker', note));
    const config = readConfig({ dir: await smallPublication(), environment: {} });
    await mkdir(join(config.paths.data, 'link.key'), { recursive: true });
    await expect(openApp(config, { rebuilds: true })).rejects.toThrow('The keys in');
    expect(begun).not.toEqual([]);
    // A thread that has ended has no number.
    expect(begun.map(({ threadId }) => threadId)).toEqual(begun.map(() => -1));
  });
});

describe('close', () => {
  it('closes everything else although the last articles can’t be saved, and says so', async () => {
    const config = readConfig({ dir: await smallPublication(), environment: {} });
    const app = await openApp(config, { clock: fixedClock('2026-11-27T02:00:00.000Z') });
    await app.rebuild();
    const closed = [vi.spyOn(app.feeds, 'close'), vi.spyOn(app.sizes, 'close'), vi.spyOn(app.transport, 'close')];
    vi.spyOn(app.catalog, 'close').mockRejectedValueOnce(new Error('The disk is full.'));
    await expect(app.close()).rejects.toThrow('The disk is full.');
    for (const close of closed) expect(close).toHaveBeenCalledOnce();
    await expect(app.editions.listEditions()).rejects.toThrow();
  });
});
