import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { samplePublication, smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';

const article = (front: string) =>
  `---\ntitle: A bridge opens\nsummary: It was closed.\ndate: 2024-01-05\n${front}---\n\nText.\n`;

describe('silkpost check', () => {
  it('finds nothing in the sample, renders every newsletter, and writes nothing', async () => {
    const dir = await samplePublication();
    const before = await readdir(dir, { recursive: true });
    const checked = await silkpostHere(['check', '--strict', '--editions', '--dir', dir]);
    expect(checked).toMatchObject({ code: 0, stdout: '' });
    expect(checked.stderr).toContain(', 12 stories (nothing is new: the newest articles were taken)');
    expect(checked.stderr).toContain('19 stories; not translated: 17 in hy');
    expect(await readdir(dir, { recursive: true })).toEqual(before);
    const named = await silkpostHere(['check', '--translations', '--dir', dir]);
    expect(named.code).toBe(0);
    expect(named.stdout.trim().split('\n')).toHaveLength(18);
  });

  it('ends with 1 for what is left out, and for warnings where asked', async () => {
    const dir = await samplePublication();
    await writeFile(join(dir, 'content', 'bridge.md'), article('coutries: [georgia]\n'));
    const warned = await silkpostHere(['check', '--dir', dir]);
    expect(warned.code).toBe(0);
    expect(warned.stdout).toBe(
      'content/bridge.md:5:1 coutries: coutries is not a key that articles have. Did you mean countries?\n',
    );
    expect((await silkpostHere(['check', '--strict', '--dir', dir])).code).toBe(1);
    await writeFile(join(dir, 'content', 'bridge.md'), article('date: 2024-01-05\n'));
    const blocked = await silkpostHere(['check', '--json', '--dir', dir]);
    expect(blocked.code).toBe(1);
    expect(JSON.parse(blocked.stdout)).toMatchObject({
      problems: [{ file: 'content/bridge.md', line: 5, column: 1, field: null, code: 'invalid-yaml', blocking: true }],
    });
  });

  it('shows a few of a kind that there are too many of, and each where asked', async () => {
    const dir = await samplePublication();
    for (let at = 100; at < 160; at++) {
      const text = article('layout: post\n').replace('summary: It was closed.\n', '').replace('opens', `opens ${at}`);
      await writeFile(join(dir, 'content', `bridge-${at}.md`), text);
    }
    const some = (await silkpostHere(['check', '--dir', dir])).stdout.trim().split('\n');
    expect(some).toHaveLength(6);
    expect(some[0]).toMatch(/^content\/bridge-100\.md:/);
    expect(some[5]).toMatch(/^There are 55 more such as this: There is no summary, .*--all/);
    expect((await silkpostHere(['check', '--all', '--dir', dir])).stdout.trim().split('\n')).toHaveLength(60);
  });

  it('prints annotations in a GitHub workflow, with paths from the repository’s root', async () => {
    const dir = await samplePublication();
    await writeFile(join(dir, 'content', 'bridge.md'), article('coutries: [georgia]\n'));
    const variables = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: join(dir, '..') };
    const checked = await silkpostHere(['check', '--dir', dir], variables);
    expect(checked.stdout).toMatch(
      /^::warning file=silkpost-\w+\/content\/bridge\.md,line=5,col=1,title=unknown-key::coutries is not a key/,
    );
    expect(JSON.parse((await silkpostHere(['check', '--json', '--dir', dir], variables)).stdout)).toHaveProperty(
      'problems',
    );
  });

  it('lists the faults of silkpost.yaml with their lines', async () => {
    const dir = await samplePublication();
    const file = join(dir, 'silkpost.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('  maxAge: 15m ', '  maxage: 15m ').replace('limit: 12', 'limit: many'));
    const checked = await silkpostHere(['check', '--json', '--dir', dir]);
    expect(checked.code).toBe(1);
    expect(checked.stderr).toContain('Correct silkpost.yaml first');
    const lines = text.split('\n');
    const lineOf = (part: string): number => lines.findIndex((line) => line.includes(part)) + 1;
    expect(JSON.parse(checked.stdout).problems).toMatchObject([
      {
        file: 'silkpost.yaml',
        line: lineOf('maxAge: 15m'),
        field: 'feeds.maxage',
        code: 'unknown-key',
        blocking: true,
      },
      { file: 'silkpost.yaml', line: lineOf('limit: 12'), field: 'newsletters.weekly.select.limit', blocking: true },
    ]);
  });

  it('warns of texts that lack a language', async () => {
    const dir = await smallPublication();
    const { problems } = JSON.parse((await silkpostHere(['check', '--json', '--dir', dir])).stdout);
    expect(problems).toMatchObject([
      { line: 9, field: 'countries.armenia.title', code: 'missing-language', blocking: false },
      { line: 10, field: 'countries.georgia.title', code: 'missing-language' },
      { line: 13, field: 'newsletters.weekly.title', code: 'missing-language' },
    ]);
  });

  it('names the line of a template that doesn’t render', async () => {
    const dir = await samplePublication();
    const file = join(dir, 'templates', 'digest.txt.liquid');
    await writeFile(file, `line one\n{{ no.such }}\n${await readFile(file, 'utf8')}`);
    const checked = await silkpostHere(['check', '--editions', '--json', '--dir', dir]);
    expect(checked.code).toBe(1);
    expect(JSON.parse(checked.stdout).problems).toMatchObject([
      { file: 'templates/digest.txt.liquid', line: 2, code: 'template-fault', blocking: true },
    ]);
    expect((await silkpostHere(['check', '--dir', dir])).code).toBe(0);
  });
});
