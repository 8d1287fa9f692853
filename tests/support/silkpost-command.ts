import { runCli } from '../../src/cli/cli.ts';
import { UsageError } from '../../src/cli/exit-codes.ts';
import type { Finished } from './silkpost-process.ts';

/**
 * Runs `silkpost …` to its end in this process, as from a script: with only these variables, and nobody to answer. A
 * command that reads stdin, or stands for a process of its own, is run by `runSilkpost`.
 */
export async function silkpostHere(
  words: readonly string[],
  variables: Record<string, string> = {},
): Promise<Finished> {
  const [stdout, stderr]: string[][] = [[], []];
  const code = await runCli(words, variables, {
    interactive: false,
    stdoutIsTerminal: false,
    out: (text) => stdout?.push(`${text}\n`),
    say: (text) => stderr?.push(`${text}\n`),
    status() {},
    async confirm() {
      throw new UsageError('There is no terminal to ask on. Say --yes to go on without being asked.');
    },
  });
  return { code, stdout: stdout?.join('') ?? '', stderr: stderr?.join('') ?? '' };
}
