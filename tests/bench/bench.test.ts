import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../bench/find-program.ts';

const bench = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const run = promisify(execFile);

describe('npm run bench -- content', () => {
  it('measures the compiled program beside its peers, and prints a table', { timeout: 300_000 }, async () => {
    const { stdout } = await run(process.execPath, [
      bench,
      'content',
      '--articles',
      '60',
      '--rounds',
      '1',
      '--saves',
      '1',
    ]);
    const rowOf = (name: string): string[] =>
      stdout
        .split('\n')
        .find((line) => line.startsWith(`| ${name} |`))
        ?.split(' | ') ?? [];
    // Four languages, 21 feeds and a newsletter's, three formats.
    expect(rowOf('Silkpost, cold')[4]).toBe('264');
    expect(rowOf('Silkpost, warm, one file changed')[6]).toMatch(/^(9|12)$/);
    expect(rowOf('Silkpost, warm, nothing changed')[6]).toBe('0');
    expect(rowOf('a script over the same libraries')).toHaveLength(9);
    expect(rowOf('Hugo')).toHaveLength(findProgram('hugo') === null ? 0 : 9);
    expect(stdout).toMatch(/^- a saved file is served: /m);
  });

  it('names the benches there are when asked for another', async () => {
    await expect(run(process.execPath, [bench, 'speed'])).rejects.toThrow(/content, serve, memory, send/);
  });
});

describe('npm run bench -- console', () => {
  it('asks for every page over a ledger of that size', { timeout: 300_000 }, async () => {
    const words = ['console', '--readers', '1000', '--editions', '8', '--articles', '40', '--rounds', '1'];
    const { stdout } = await run(process.execPath, [bench, ...words]);
    expect(stdout).toContain('1,000 readers, 8 editions, three of them with a delivery to each reader, 40 articles');
    const pages = stdout.split('\n').filter((line) => /^\| `\//.test(line));
    expect(pages.length).toBeGreaterThan(50);
    for (const page of pages)
      expect(page).toMatch(/^\| `\/[^`]*`( \([^)]*\))? \| (200|303|409|422) \|( [\d.]+ ms \|){3}( [\d.]+ \|){3}$/);
    expect(stdout).toMatch(/^- pages that aren’t there, or fail: 0, at most 0: met$/m);
  });
});
