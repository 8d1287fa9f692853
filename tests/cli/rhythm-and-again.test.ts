import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import type { Finished } from '../support/silkpost-process.ts';

// Each test runs several commands, one after the other.
vi.setConfig({ testTimeout: 120_000 });

let dir = '';

const silkpost = (...words: string[]): Promise<Finished> => silkpostHere([...words, '--dir', dir]);

const send = (...words: string[]): Promise<Finished> =>
  silkpost('send', 'weekly', '--articles', 'bridge', '--yes', ...words);

/** Who got a mail of an edition. */
async function receivers(id: string): Promise<string[]> {
  const lines = (await silkpost('editions', 'show', id, '--deliveries', '--jsonl')).stdout.trim().split('\n');
  const rows = lines.filter((line) => line !== '').map((line): { address: string; state: string } => JSON.parse(line));
  const sent = rows.filter(({ state }) => state === 'sent').map(({ address }) => address);
  const folder = await readdir(join(dir, 'var', 'outbox', id)).catch(() => []);
  expect(folder.filter((name) => name.endsWith('.eml'))).toHaveLength(sent.length);
  return sent.toSorted();
}

async function editions(): Promise<readonly { id: string; rhythm: string; state: string }[]> {
  return JSON.parse((await silkpost('editions', 'list', '--json')).stdout).editions;
}

/** The publication with one reader of each edition and one of the month’s best. */
beforeEach(async () => {
  dir = await smallPublication();
  const article =
    '---\ntitle: About a bridge\nsummary: What happened.\ndate: 2023-01-02\ncountries: [georgia]\n---\n\nThe text.\n';
  await writeFile(join(dir, 'content', 'bridge.md'), article);
  await writeFile(join(dir, 'readers.csv'), 'email,rhythm\nann@example.com,each\nmona@example.com,monthly\n');
  const imported = await silkpost('subscribers', 'import', join(dir, 'readers.csv'), '--consent', 'test');
  expect(imported.code).toBe(0);
});

describe('silkpost send --again', () => {
  it('goes also to those who had it; without, they get nothing', async () => {
    const first = await send();
    expect(first.code).toBe(0);
    expect(await receivers(first.stdout.trim())).toEqual(['ann@example.com']);

    const repeated = await send();
    expect(repeated.stderr).toContain('1 reader left out: nothing in it is their choice, or they had it.');
    expect(repeated.code).toBe(0);
    expect(await receivers(repeated.stdout.trim())).toEqual([]);

    const again = await send('--again');
    expect(again.stderr).toContain('en: 1 reader, "About a bridge"');
    expect(again.code).toBe(0);
    expect(await receivers(again.stdout.trim())).toEqual(['ann@example.com']);
  });
});

describe('silkpost send --rhythm', () => {
  it('goes to the readers of that rhythm alone, and the edition says so', async () => {
    const sent = await send('--rhythm', 'monthly');
    expect(sent.code).toBe(0);
    const id = sent.stdout.trim();
    expect(await receivers(id)).toEqual(['mona@example.com']);
    expect(await editions()).toMatchObject([{ id, rhythm: 'monthly', state: 'sent' }]);
    expect(await receivers((await send()).stdout.trim())).toEqual(['ann@example.com']);
  });
});

describe('silkpost preview --rhythm', () => {
  it('shows what the readers of that rhythm are still to get', async () => {
    expect((await send()).code).toBe(0);
    const preview = (...words: string[]) => silkpost('preview', 'weekly', '--since', '2020-01-01', ...words);
    const each = await preview();
    expect(each).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nothing new for weekly.') });
    const monthly = await preview('--rhythm', 'monthly', '--lang', 'en');
    expect(monthly.code).toBe(0);
    expect(await readFile(monthly.stdout.trim(), 'utf8')).toContain('About a bridge');
  });
});

describe('silkpost editions skip --rhythm', () => {
  it('leaves out that rhythm’s next edition once, and no other', async () => {
    const skipped = await silkpost('editions', 'skip', 'weekly', '--rhythm', 'monthly');
    expect(skipped).toMatchObject({ code: 0, stderr: expect.stringContaining('is skipped.') });
    expect(await editions()).toMatchObject([{ rhythm: 'monthly', state: 'skipped' }]);
    expect((await silkpost('editions', 'skip', 'weekly', '--rhythm', 'monthly')).code).toBe(1);
    expect((await silkpost('editions', 'skip', 'weekly')).code).toBe(0);
    const known = (await editions()).map(({ rhythm, state }) => `${rhythm} ${state}`);
    expect(known.toSorted()).toEqual(['each skipped', 'monthly skipped']);
  });
});

describe('--rhythm', () => {
  it.each([
    ['hourly', 'There is no rhythm hourly. There are: each, daily, weekly, monthly.'],
    ['montly', 'There is no rhythm montly. Did you mean monthly?'],
  ])(
    'is refused by send, preview and skip with a sentence where it is %s, and nothing is kept',
    async (word, sentence) => {
      for (const words of [
        ['send', 'weekly', '--articles', 'bridge', '--yes'],
        ['preview', 'weekly', '--since', '2020-01-01'],
        ['editions', 'skip', 'weekly'],
      ]) {
        const refused = await silkpost(...words, '--rhythm', word);
        expect(refused).toEqual({ code: 1, stdout: '', stderr: `silkpost: ${sentence}\n` });
      }
      expect(await editions()).toEqual([]);
    },
  );
});
