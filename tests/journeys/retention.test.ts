import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';

describe('retention', () => {
  it('removes old deliveries and files, keeps the sums, the page and what is not over', async () => {
    const dir = await smallPublication();
    const text =
      '---\ntitle: A bridge\nsummary: What happened.\ndate: 2026-11-26\ncountries: [georgia]\n---\n\nText.\n';
    await writeFile(join(dir, 'content', 'bridge.md'), text);
    const clock = fixedClock('2026-11-26T12:00:00.000Z');
    const app = await openApp(readConfig({ dir, environment: {} }), { clock });
    onTestFinished(() => app.close());
    await app.rebuild();
    const reader = {
      name: null,
      languages: ['en'],
      countries: [],
      topics: [],
      timezone: null,
      newsletters: ['weekly'],
    };
    const consent = { source: 'operator', consent: 'test', sample: false } as const;
    await app.subscribers.addSubscribers([{ ...reader, ...consent, email: 'ann@example.com' }], clock.now());
    await app.desk.runDue();
    clock.set('2026-11-27T03:00:00.000Z');
    await app.desk.runDue();
    await app.postRoom.sendUntilIdle(null, () => {});
    const id = 'weekly-2026-11-27T0300Z';
    const counts = await app.editions.getCounts(id);
    expect(counts).toMatchObject({ candidates: 1, sent: 1 });
    const folder = join(dir, 'var', 'outbox', id);
    for (const name of await readdir(folder)) {
      await utimes(join(folder, name), new Date(clock.now()), new Date(clock.now()));
    }

    clock.set('2027-02-01T00:00:00.000Z');
    await app.postRoom.prune();
    expect(await readdir(folder)).toHaveLength(2);
    clock.set('2027-03-01T00:00:00.000Z');
    await app.postRoom.prune();
    expect(await readdir(join(dir, 'var', 'outbox'))).toEqual([]);
    const addresses = async () => {
      const found = [];
      for await (const { address } of app.ledger.listDeliveries(id)) found.push(address);
      return found;
    };
    expect(await addresses()).toEqual(['ann@example.com']);

    clock.set('2028-01-10T00:00:00.000Z');
    await app.postRoom.prune();
    expect(await addresses()).toEqual([]);
    expect(await app.editions.getCounts(id)).toEqual(counts);
    expect(await app.editions.listPieces(id)).toHaveLength(2);
    expect(await app.subscribers.countSubscribers()).toBe(1);
    // Nobody knows any more who got it: nobody gets it twice.
    await expect(app.ledger.retryMissing(id, '2028-02-01T00:00:00.000Z', clock.now())).rejects.toThrow(
      /no longer kept/,
    );
  });

  it('leaves an edition alone that waits, however old it is', async () => {
    const dir = await smallPublication();
    const clock = fixedClock('2026-11-26T12:00:00.000Z');
    const app = await openApp(readConfig({ dir, environment: {} }), { clock });
    onTestFinished(() => app.close());
    await app.desk.runDue();
    clock.set('2026-11-27T12:00:00.000Z');
    await app.desk.runDue();
    const folder = join(dir, 'var', 'outbox', 'weekly-2026-11-27T0300Z');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '1-ann.eml'), 'a message');
    await utimes(join(folder, '1-ann.eml'), 0, 0);
    clock.set('2030-01-01T00:00:00.000Z');
    await app.postRoom.prune();
    expect(await readdir(folder)).toEqual(['1-ann.eml']);
    expect(await app.editions.findEdition('weekly-2026-11-27T0300Z')).toMatchObject({ state: 'held' });
  });
});
