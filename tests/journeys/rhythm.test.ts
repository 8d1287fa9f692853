import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { openDatabase } from '../../src/storage/index.ts';
import type { Rhythm } from '../../src/subscribers/index.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';

const ana = { id: null, name: 'Ana' };

interface Newsroom {
  readonly dir: string;
  readonly app: App;
  readonly clock: FixedClock;
}

/** The small publication with a daily at 07:00 in Tbilisi, and a second newsletter an hour later. */
async function newsroom(at: string): Promise<Newsroom> {
  const dir = await smallPublication();
  const file = join(dir, 'silkpost.yaml');
  const daily = `  daily:\n    title: { en: The day }\n    schedule: 0 7 * * *\n    template: digest\n`;
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('newsletters:\n', `newsletters:\n${daily}`).replace('0 7 * * FRI', '0 8 * * FRI'));
  const clock = fixedClock(at);
  const app = await openApp(readConfig({ dir, environment: {} }), { clock });
  onTestFinished(() => app.close());
  return { dir, app, clock };
}

async function addReader({ app }: Newsroom, name: string, rhythm: Rhythm, newsletters = ['daily']): Promise<void> {
  const reader = { email: `${name}@example.com`, name: null, languages: ['en'], countries: [], topics: [] };
  await app.subscribers.addSubscribers(
    [{ ...reader, timezone: null, newsletters, rhythm, source: 'operator', consent: 'test', sample: false }],
    app.clock.now(),
  );
}

async function publish({ dir, app }: Newsroom, slug: string, date: string, updated?: string): Promise<void> {
  const changed = updated === undefined ? '' : `updated: ${updated}\n`;
  await writeFile(
    join(dir, 'content', `${slug}.md`),
    `---\ntitle: About ${slug}\nsummary: What happened.\ndate: ${date}\n${changed}countries: [georgia]\n---\n\nThe text of ${slug}.\n`,
  );
  await app.rebuild();
}

/** What is due now, made and sent: each edition with its readers and the slugs that they got. */
async function goOn({ app, clock, dir }: Newsroom, at: string): Promise<Record<string, string[]>> {
  clock.set(at);
  const touched = await app.desk.runDue();
  await app.postRoom.sendUntilIdle(null, () => {});
  const mails: Record<string, string[]> = {};
  for (const { id, state } of touched) {
    if (state === 'skipped' || state === 'draft') continue;
    for (const file of await readdir(join(dir, 'var', 'outbox', id)).catch(() => [])) {
      if (!file.endsWith('.eml')) continue;
      const mail = (await readFile(join(dir, 'var', 'outbox', id, file), 'utf8')).replaceAll('=\r\n', '');
      const [, slug = ''] = /-([a-z]+)%?/.exec(file) ?? [];
      const told = [...mail.matchAll(/\/articles\/([a-z]+)\r\n/g)].map(([, article = '']) => article);
      mails[`${id} ${slug}`] = [...new Set(told)].toSorted();
    }
  }
  return mails;
}

describe('a newsletter’s editions for readers of a rhythm', () => {
  it('come once in each period, with the period’s best, and nothing that a reader had', async () => {
    const room = await newsroom('2026-11-26T12:00:00.000Z');
    await addReader(room, 'ann', 'each');
    await addReader(room, 'wil', 'weekly');
    await publish(room, 'bridge', '2026-11-26');
    // Nobody had asked for a week’s best before its Monday had passed.
    expect(await goOn(room, '2026-11-26T12:01:00.000Z')).toEqual({});
    expect(await goOn(room, '2026-11-27T03:00:00.000Z')).toEqual({ 'daily-2026-11-27T0300Z ann': ['bridge'] });
    await publish(room, 'tunnel', '2026-11-28T01:00:00Z');
    expect(await goOn(room, '2026-11-28T03:00:00.000Z')).toEqual({ 'daily-2026-11-28T0300Z ann': ['tunnel'] });

    const database = await openDatabase(room.app.config.paths.database);
    await database.updateTable('subscription').set({ rhythm: 'weekly' }).where('newsletter', '=', 'daily').execute();
    await database.destroy();
    await publish(room, 'ferry', '2026-11-29T01:00:00Z');
    expect(await goOn(room, '2026-11-29T03:00:00.000Z')).toEqual({});
    expect(await goOn(room, '2026-11-30T03:00:00.000Z')).toEqual({
      'daily-2026-11-30T0300Z-2 ann': ['ferry'],
      'daily-2026-11-30T0300Z-2 wil': ['bridge', 'ferry', 'tunnel'],
    });
    expect(await goOn(room, '2026-11-30T03:05:00.000Z')).toEqual({});
    const weekly = await room.app.editions.listEditions({ newsletter: 'daily', rhythm: 'weekly' });
    expect(weekly.map(({ key, state }) => [key, state])).toEqual([['2026-11-30T0300Z-2', 'sent']]);
    expect(await room.app.editions.listEditions({ newsletter: 'daily', rhythm: 'monthly' })).toEqual([]);
  });

  it('are held on their own where their time was missed', async () => {
    const room = await newsroom('2026-11-26T12:00:00.000Z');
    await addReader(room, 'wil', 'weekly');
    await publish(room, 'bridge', '2026-11-26');
    await goOn(room, '2026-11-26T12:01:00.000Z');
    expect(await goOn(room, '2026-11-30T06:00:00.000Z')).toEqual({});
    const [held] = await room.app.editions.listEditions({ newsletter: 'daily', rhythm: 'weekly' });
    expect(held).toMatchObject({ state: 'held', reason: 'missed' });
    if (!held) return;
    await room.app.desk.approve(held, ana);
    expect(await goOn(room, '2026-11-30T06:01:00.000Z')).toEqual({ [`${held.id} wil`]: ['bridge'] });
  });
});

describe('a reader of two newsletters', () => {
  it('gets a story from the first of them only, and again from the other once it has changed', async () => {
    const room = await newsroom('2026-11-26T12:00:00.000Z');
    await addReader(room, 'ann', 'each', ['daily', 'weekly']);
    await addReader(room, 'wil', 'each', ['weekly']);
    await publish(room, 'bridge', '2026-11-26');
    await publish(room, 'tunnel', '2026-11-26');
    await goOn(room, '2026-11-26T12:01:00.000Z');
    expect(await goOn(room, '2026-11-27T03:00:00.000Z')).toEqual({
      'daily-2026-11-27T0300Z ann': ['bridge', 'tunnel'],
    });
    room.clock.set('2026-11-27T03:30:00.000Z');
    await publish(room, 'tunnel', '2026-11-26', '2026-11-27T03:20:00Z');
    expect(await goOn(room, '2026-11-27T04:00:00.000Z')).toEqual({
      'weekly-2026-11-27T0400Z ann': ['tunnel'],
      'weekly-2026-11-27T0400Z wil': ['bridge', 'tunnel'],
    });
    const folder = join(room.dir, 'var', 'outbox', 'weekly-2026-11-27T0400Z');
    const [ann = ''] = (await readdir(folder)).filter((name) => name.includes('ann') && name.endsWith('.eml'));
    const mail = await readFile(join(folder, ann), 'utf8');
    expect(mail).toContain('\r\nSubject: Update: About tunnel\r\n');
    expect(mail).toContain('Updated 27 November 2026');
  });
});
