import { createInterface } from 'node:readline/promises';
import { UsageError } from './exit-codes.ts';
import { visible } from './visible.ts';

/** Where a command's results (`out`, stdout) and its words for people (`say`, stderr) go, all of it made visible. */
export interface Terminal {
  /** Whether a person is at both ends. */
  readonly interactive: boolean;
  readonly stdoutIsTerminal: boolean;
  out(text: string): void;
  say(text: string): void;
  /** Rewrites one line on a terminal; prints nothing elsewhere. */
  status(text: string): void;
  /** Asks for a yes. Throws a UsageError where nobody can answer. */
  confirm(question: string): Promise<boolean>;
}

export function openTerminal(): Terminal {
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  let statusShown = false;
  // Whoever reads may stop (`| head`): what was asked for goes on without a listener.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const clear = (): void => {
    if (statusShown) process.stderr.write('\r\u001b[K');
    statusShown = false;
  };
  return {
    interactive,
    stdoutIsTerminal: process.stdout.isTTY === true,
    out(text) {
      clear();
      process.stdout.write(`${visible(text)}\n`);
    },
    say(text) {
      clear();
      process.stderr.write(`${visible(text)}\n`);
    },
    status(text) {
      if (process.stderr.isTTY !== true) return;
      process.stderr.write(`\r\u001b[K${visible(text)}`);
      statusShown = true;
    },
    async confirm(question) {
      if (!interactive) throw new UsageError('There is no terminal to ask on. Say --yes to go on without being asked.');
      clear();
      const prompt = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return /^y(es)?$/i.test((await prompt.question(`${visible(question)} [y/N] `)).trim());
      } finally {
        prompt.close();
      }
    },
  };
}
