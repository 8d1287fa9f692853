import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inject, onTestFinished } from 'vitest';

const program = inject('builtProgram');
/** Of the program that was built for the tests. The tests of faults run it from source. */
export const bin = join(program, 'bin', 'silkpost.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `silkpost …` to its end, with only these variables besides the path, and with this on stdin. */
export async function runSilkpost(
  words: readonly string[],
  variables: Record<string, string> = {},
  input?: Buffer,
): Promise<Finished> {
  const child = launch(words, variables, input === undefined ? 'ignore' : 'pipe');
  child.stdin?.on('error', () => {}).end(input); // it may end without reading
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface RunningSilkpost {
  readonly pid: number;
  readonly url: string;
  readonly lines: readonly LogLine[];
  /** The next line (or an earlier one) that fits; rejects when the process ends without one. */
  waitFor(fits: (line: LogLine) => boolean): Promise<LogLine>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Finished>;
}

/**
 * Starts `silkpost start …` on a free port and waits until it is ready.
 *
 * @param closeLater What kills it; default: when the running test ends. `beforeAll` needs its own.
 */
export async function startSilkpost(
  words: readonly string[],
  variables: Record<string, string> = {},
  closeLater: (close: () => Promise<void>) => void = onTestFinished,
): Promise<RunningSilkpost> {
  const child = launch(words, { SILKPOST_PORT: '0', ...variables });
  const lines: LogLine[] = [];
  const listeners = new Set<() => void>();
  const stderr = gather(child.stderr);
  const stdout: string[] = [];
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (text) => {
      stdout.push(text);
      if (text.startsWith('{')) lines.push(JSON.parse(text));
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'close').then(([code]): Finished => {
    for (const listener of listeners) listener();
    return { code: code as number | null, stdout: stdout.join('\n'), stderr: stderr.join('') };
  });
  closeLater(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  const waitFor = (fits: (line: LogLine) => boolean): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find(fits);
        if (found === undefined && child.exitCode === null && child.signalCode === null) return;
        listeners.delete(look);
        if (found) resolve(found);
        else reject(new Error(`silkpost ended with ${child.exitCode}: ${stderr.join('')}${stdout.join('\n')}`));
      };
      listeners.add(look);
      look();
    });
  const ready = await waitFor((line) => line.event === 'ready');
  return {
    pid: child.pid ?? 0,
    url: String(ready['url'] ?? ''),
    lines,
    waitFor,
    kill: (signal) => child.kill(signal),
    ended,
  };
}

function launch(
  words: readonly string[],
  variables: Record<string, string>,
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  return spawn(process.execPath, [bin, ...words], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(program, 'compiled'), ...variables },
    stdio: [stdin, 'pipe', 'pipe'],
  });
}

function gather(stream: NodeJS.ReadableStream | null): string[] {
  const parts: string[] = [];
  stream?.setEncoding('utf8').on('data', (part: string) => parts.push(part));
  return parts;
}
