import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/storage/index.ts';
import { wordingOf } from '../../src/subscribers/index.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { bin, runSilkpost } from '../support/silkpost-process.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/imports/${name}`, import.meta.url));
const consent = 'Confirmed by mail.';

async function openCommand() {
  const dir = await smallPublication();
  const subscribers = (...words: string[]) => runSilkpost(['subscribers', ...words, '--dir', dir]);
  return { dir, subscribers };
}

describe('silkpost subscribers import', () => {
  it('says whose export it is, what became of each row, and why', async () => {
    const { dir, subscribers } = await openCommand();
    const report = join(dir, 'report.csv');
    const done = await subscribers(
      'import',
      fixture('buttondown.csv'),
      '--consent',
      consent,
      '--report',
      report,
      '--json',
    );
    expect(done.code).toBe(1);
    expect(done.stderr).toContain(
      'An export of Buttondown. Columns used: email, type as status, creation_date as created_at.',
    );
    expect(done.stderr).toContain('buttondown.csv:4: type: This reader never confirmed');
    expect(JSON.parse(done.stdout)).toEqual({
      rows: 5,
      added: 2,
      updated: 0,
      unchanged: 0,
      left: 1,
      suppressed: 1,
      refused: 1,
    });
    expect((await readFile(report, 'utf8')).split('\r\n')).toEqual([
      'line,outcome,email,column,reason',
      '2,added,ann@example.com,,',
      '3,left,bob@example.com,,',
      '4,refused,eve@example.com,type,"This reader never confirmed, so hasn’t agreed to get mail. Let them sign up anew."',
      '5,added,prem@example.com,,',
      '6,suppressed,gone@example.com,,',
      '',
    ]);
    expect((await stat(report)).mode & 0o077).toBe(0);
    const lines = join(dir, 'report.jsonl');
    await subscribers('import', fixture('buttondown.csv'), '--consent', consent, '--report', lines);
    expect(
      (await readFile(lines, 'utf8'))
        .split('\n')
        .slice(0, 2)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { line: 2, outcome: 'unchanged', email: 'ann@example.com', column: null, reason: '' },
      { line: 3, outcome: 'left', email: 'bob@example.com', column: null, reason: '' },
    ]);
  });

  it('changes nothing with --dry-run, and foretells exactly what follows', async () => {
    const { dir, subscribers } = await openCommand();
    await subscribers('add', 'ann@example.com');
    const file = join(dir, 'readers.csv');
    const rows = Array.from(
      { length: 1200 },
      (_, index) => `r${index % 700}@example.com,${index % 700 === 3 ? 'x' : 'en'}`,
    );
    await writeFile(file, `email,lang\n${rows.join('\n')}\nann@example.com,fa\n`);
    const words = ['import', file, '--consent', consent, '--json'];
    const foretold = await subscribers(...words, '--dry-run');
    expect(foretold.stderr).toContain('Nothing is changed. It would be 1201 rows: 699 added, 1 changed');
    expect((await subscribers('list', '--jsonl')).stdout.split('\n')).toHaveLength(2);
    const done = await subscribers(...words);
    expect(JSON.parse(done.stdout)).toEqual(JSON.parse(foretold.stdout));
  });

  it('may be killed at any row and said again', async () => {
    const { dir, subscribers } = await openCommand();
    const file = join(dir, 'readers.csv');
    const count = 20_000;
    await writeFile(file, 'email,status\n');
    await appendFile(
      file,
      Array.from({ length: count }, (_, index) => `r${index}@example.com,${index % 10 === 0 ? 'left' : ''}\n`).join(''),
    );
    const report = join(dir, 'report.csv');
    const words = ['subscribers', 'import', file, '--consent', consent, '--dir', dir, '--report', report];
    const child = spawn(process.execPath, [bin, ...words], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    for (let lines = 0; lines < 1000; ) {
      lines = await readFile(report, 'utf8').then(
        (text) => text.split('\n').length,
        () => 0,
      );
    }
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const database = await openDatabase(join(dir, 'var', 'silkpost.db'));
    const counted = async () => {
      const { n } = await database
        .selectFrom('subscriber')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      const { m } = await database
        .selectFrom('consent')
        .select((eb) => eb.fn.countAll<number>().as('m'))
        .executeTakeFirstOrThrow();
      return [n, m];
    };
    const [before = 0, consents] = await counted();
    expect(before).toBeGreaterThanOrEqual(500);
    expect(before).toBeLessThan(count);
    expect(consents).toBe(before);
    const again = await subscribers('import', file, '--consent', consent, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ rows: count, left: count / 10, refused: 0 });
    expect(await counted()).toEqual([count, count]);
    const third = await subscribers('import', file, '--consent', consent, '--json');
    expect(JSON.parse(third.stdout)).toMatchObject({ unchanged: count * 0.9, left: count / 10, added: 0, updated: 0 });
    expect(await counted()).toEqual([count, count]);
    await database.destroy();
  });

  it.each([
    [['--map', 'email'], 2, '--map takes COLUMN=FIELD'],
    [['--map', 'x=email'], 1, 'has no column “x”'],
    [['--newsletter', 'daily'], 1, 'There is no newsletter "daily"'],
    [['--report', '/nowhere/report.csv'], 1, "can't be written"],
    [['--report', fixture('ghost.csv')], 2, 'would overwrite the file'],
  ])('refuses %j', async (words, code, sentence) => {
    const { subscribers } = await openCommand();
    const refused = await subscribers('import', fixture('ghost.csv'), '--consent', consent, ...words);
    expect(refused).toMatchObject({ code, stderr: expect.stringContaining(sentence) });
  });

  it('asks where the consent came from, and for a file that is there', async () => {
    const { subscribers } = await openCommand();
    expect(await subscribers('import', fixture('ghost.csv'))).toMatchObject({ code: 2 });
    expect(await subscribers('import', fixture('ghost.csv'), '--consent', ' ')).toMatchObject({ code: 1 });
    expect(await subscribers('import', fixture('none.csv'), '--consent', consent)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("none.csv can't be read"),
    });
  });
});

describe('silkpost subscribers export', () => {
  it('writes readers with a status, and refuses one that there isn’t', async () => {
    const { subscribers } = await openCommand();
    await subscribers('import', fixture('ghost.csv'), '--consent', consent);
    const left = await subscribers('export', '--status', 'left');
    expect(left.stdout.split('\r\n').map((line) => line.split(',')[0])).toEqual([
      'email',
      'bob@example.com',
      'eve@example.com',
      '',
    ]);
    expect((await subscribers('export', '--newsletter', 'weekly')).stdout.split('\r\n')).toHaveLength(3);
    expect(await subscribers('export', '--status', 'gone')).toMatchObject({ code: 2 });
  });
});

describe('silkpost subscribers consent', () => {
  it('prints what a reader agreed to, when and how', async () => {
    const { subscribers } = await openCommand();
    await subscribers(
      'import',
      fixture('subscribed_email_audience_export_0b7f.csv'),
      '--consent',
      'At the fair.\u001b[31m',
    );
    await subscribers('add', 'ann@example.com', '--lang', 'fa', '--country', 'armenia');
    const { stdout } = await subscribers('consent', 'ANN@example.com');
    const { version } = wordingOf('At the fair.\u001b[31m', 'und');
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      'ann@example.com\tactive\tsubscriber 1',
      '',
      '2023-04-05T06:10:00.000Z  vouched (import)',
      '  newsletters: weekly',
      '  languages: en',
      `  “At the fair. [31m” (version ${version})`,
      '',
    ]);
    expect(stdout).toMatch(
      /\n\S+Z {2}vouched \(operator\)\n {2}newsletters: weekly\n {2}languages: fa\n {2}countries: armenia\n/,
    );
    const asJson = JSON.parse((await subscribers('consent', '1', '--json')).stdout);
    expect(asJson).toMatchObject({ id: 1, email: 'ann@example.com', state: 'active' });
    expect(asJson.consents).toHaveLength(2);
    await subscribers('erase', '1', '--yes');
    expect((await subscribers('consent', '1')).stdout).toContain('erased\terased\tsubscriber 1');
    expect(await subscribers('consent', 'ann@example.com')).toMatchObject({ code: 1 });
  });
});
