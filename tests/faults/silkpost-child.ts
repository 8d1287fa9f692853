import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/silkpost.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** All that it said, on stdout and stderr. */
  readonly said: string;
}

/** The real program as a process that can be killed at any instant. */
export interface SilkpostChild {
  readonly pid: number;
  /** Resolves with whether it came so far: its log had this event, with these words in the line. */
  waitFor(event: string, words?: string): Promise<boolean>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/**
 * Starts `silkpost …`.
 *
 * @param maxFileBlocks No file may grow beyond so many KB (`ulimit -f`): writing further is an I/O error.
 */
export function startSilkpostChild(
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
  maxFileBlocks: number | null = null,
): SilkpostChild {
  const command = [process.execPath, bin, ...words];
  const limited =
    maxFileBlocks === null ? command : ['bash', '-c', `ulimit -f ${maxFileBlocks}; exec "$@"`, 'bash', ...command];
  const child = spawn(limited[0] ?? '', limited.slice(1), {
    env: { PATH: process.env['PATH'] ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener();
    });
  }
  let isOver = false;
  const ended = once(child, 'close').then((): Ended => {
    isOver = true;
    for (const listener of listeners) listener();
    return { code: child.exitCode, signal: child.signalCode, said: lines.join('\n') };
  });
  return {
    pid: child.pid ?? 0,
    waitFor: (event, wanted = '') =>
      new Promise((resolve) => {
        const look = (): void => {
          const isThere = lines.some((line) => line.includes(`"event":"${event}"`) && line.includes(wanted));
          if (!isThere && !isOver) return;
          listeners.delete(look);
          resolve(isThere);
        };
        listeners.add(look);
        look();
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
