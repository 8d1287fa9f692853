import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { articleFuzzer } from './article-fuzzer.ts';
import { createFuzzer, textOf } from './fuzz-target.ts';
import { parserFuzzers } from './parser-fuzzers.ts';

describe('npm run test:fuzz', () => {
  it('finds nothing that crashes, hangs or makes a bad feed among a few inputs of each kind', async () => {
    const { path } = await temporaryFolder();
    const rounds = [await articleFuzzer(path).fuzz(1, 40, 40)];
    for (const target of parserFuzzers()) rounds.push(await target.fuzz(1, 40, 40));
    expect(rounds.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('tells of what crashes or is slow, with a small input', async () => {
    const input = textOf(['a'], 100);
    const fail = async (run: () => unknown) => (await createFuzzer({ name: 'x', input, run }).fuzz(1, 20)).findings;
    const crash = () => {
      throw new Error('It broke.');
    };
    expect(await fail(crash)).toEqual([
      expect.objectContaining({ target: 'x', message: expect.stringContaining('It broke.') }),
    ]);
    const slow = () => {
      const before = process.cpuUsage();
      while (process.cpuUsage(before).user < 80_000);
    };
    expect(await fail(slow)).toEqual([expect.objectContaining({ message: expect.stringMatching(/It takes \d+ ms/) })]);
  });
});
