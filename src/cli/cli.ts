import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { sentenceOf } from '../errors.ts';
import { addBuildCommand } from './build.ts';
import { addCheckCommand } from './check.ts';
import type { Invocation } from './command.ts';
import { addEditionsCommand } from './editions.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { addIdsCommand } from './ids.ts';
import { addInitCommand } from './init.ts';
import { addNewCommand } from './new.ts';
import { addPreviewCommand } from './preview.ts';
import { addRunCommand } from './run.ts';
import { addSendCommand } from './send.ts';
import { addStartCommands } from './start.ts';
import { addSubscribersCommand } from './subscribers-command.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const packageFile = new URL('../../package.json', import.meta.url);

/**
 * Runs one command to its end.
 *
 * @param words what stands after `silkpost`.
 * @returns the exit code: 0 done, 1 input or setup, 2 usage, 3 a person is needed, 70 internal.
 */
export async function runCli(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<ExitCode> {
  const terminal = openTerminal();
  let code: ExitCode = exitCodes.done;
  const invocation: Invocation = {
    terminal,
    environment,
    end(result) {
      code = result;
    },
  };
  try {
    await createProgram(invocation).parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return code;
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    report(error, terminal, environment);
    return exitCodeOf(error);
  }
}

function createProgram(invocation: Invocation): Command {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }; // our own file
  const program = new Command('silkpost')
    .description('Publish from a folder: feeds and a newsletter out of Markdown articles.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'say what a command does')
    .showHelpAfterError('(--help says more)')
    .exitOverride();
  addStartCommands(program, invocation);
  addRunCommand(program, invocation);
  addBuildCommand(program, invocation);
  addCheckCommand(program, invocation);
  addInitCommand(program, invocation);
  addNewCommand(program, invocation);
  addIdsCommand(program, invocation);
  addPreviewCommand(program, invocation);
  addSendCommand(program, invocation);
  addEditionsCommand(program, invocation);
  addSubscribersCommand(program, invocation);
  return program;
}

function report(error: unknown, terminal: Terminal, environment: NodeJS.ProcessEnv): void {
  terminal.say(`silkpost: ${sentenceOf(error)}`);
  const internal = exitCodeOf(error) === exitCodes.internal;
  if ((internal || environment['SILKPOST_LOG'] === 'debug') && error instanceof Error && error.stack) {
    terminal.say(error.stack);
  }
}
