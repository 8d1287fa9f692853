import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { sentenceOf } from '../errors.ts';
import { ownFile } from '../own-files.ts';
import type { Invocation } from './command.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const packageFile = ownFile('../package.json');

/**
 * Runs one command to its end.
 *
 * @param words what stands after `silkpost`.
 * @param terminal default: the process's own.
 * @returns the exit code: 0 done, 1 input or setup, 2 usage, 3 a person is needed, 70 internal.
 */
export async function runCli(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  terminal: Terminal = openTerminal(),
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const invocation: Invocation = {
    terminal,
    environment,
    end(result) {
      code = result;
    },
  };
  try {
    const program = await createProgram(invocation, words[0] ?? '');
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return code;
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    report(error, terminal, environment);
    return exitCodeOf(error);
  }
}

type AddCommand = (program: Command, invocation: Invocation) => void;

/** Each with the module that it needs: whoever builds doesn't wait for what serves. In the order of the help. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  start: async () => (await import('./start.ts')).addStartCommands,
  serve: async () => (await import('./start.ts')).addStartCommands,
  worker: async () => (await import('./start.ts')).addStartCommands,
  run: async () => (await import('./run.ts')).addRunCommand,
  build: async () => (await import('./build.ts')).addBuildCommand,
  check: async () => (await import('./check.ts')).addCheckCommand,
  init: async () => (await import('./init.ts')).addInitCommand,
  new: async () => (await import('./new.ts')).addNewCommand,
  ids: async () => (await import('./ids.ts')).addIdsCommand,
  preview: async () => (await import('./preview.ts')).addPreviewCommand,
  send: async () => (await import('./send.ts')).addSendCommand,
  editions: async () => (await import('./editions.ts')).addEditionsCommand,
  bounce: async () => (await import('./bounce.ts')).addBounceCommand,
  suppressions: async () => (await import('./suppressions.ts')).addSuppressionsCommand,
  subscribers: async () => (await import('./subscribers-command.ts')).addSubscribersCommand,
  dkim: async () => (await import('./dkim.ts')).addDkimCommand,
  doctor: async () => (await import('./doctor.ts')).addDoctorCommand,
  operators: async () => (await import('./operators.ts')).addOperatorsCommand,
  backup: async () => (await import('./backup.ts')).addBackupCommand,
  restore: async () => (await import('./restore.ts')).addRestoreCommand,
};

/** @param word The command that was asked for; any other has all of them listed. */
async function createProgram(invocation: Invocation, word: string): Promise<Command> {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }; // our own file
  const program = new Command('silkpost')
    .description('Publish from a folder: feeds and a newsletter out of Markdown articles.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'say what a command does')
    .showHelpAfterError('(--help says more)')
    .configureOutput({
      writeOut: (text) => invocation.terminal.out(text.trimEnd()),
      writeErr: (text) => invocation.terminal.say(text.trimEnd()),
    })
    .exitOverride();
  if (word === '--version') return program;
  const asked = Object.hasOwn(commands, word) ? commands[word] : undefined;
  const loaders = asked ? [asked] : Object.values(commands);
  const added = new Set(await Promise.all(loaders.map((load) => load())));
  for (const add of added) add(program, invocation);
  return program;
}

function report(error: unknown, terminal: Terminal, environment: NodeJS.ProcessEnv): void {
  terminal.say(`silkpost: ${sentenceOf(error)}`);
  const internal = exitCodeOf(error) === exitCodes.internal;
  if ((internal || environment['SILKPOST_LOG'] === 'debug') && error instanceof Error && error.stack) {
    terminal.say(error.stack);
  }
}
