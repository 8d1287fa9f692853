import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endWithBench, stopProcess } from './child-end.ts';

export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** `silkpost start` in a process of its own. */
export interface RunningService {
  readonly pid: number;
  readonly url: string;
  /** The next line of that event from now on; rejects when the process ends, or after `limitMs`. */
  next(event: string, limitMs?: number): Promise<LogLine>;
  stop(): Promise<void>;
}

/**
 * Starts the program on loopback, without mail leaving it, and waits until it is ready.
 *
 * @param port default: a free one; what was built for another one is made anew.
 */
export async function startService(
  bin: string,
  words: readonly string[],
  onStarted: (pid: number) => void = () => {},
  port = '0',
): Promise<RunningService> {
  const child = spawn(process.execPath, [bin, ...words], {
    env: { PATH: process.env['PATH'] ?? '', SILKPOST_HOST: '127.0.0.1', SILKPOST_PORT: port, SILKPOST_LOG: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithBench(child);
  const pid = child.pid ?? 0;
  onStarted(pid);
  const listeners = new Set<(line: LogLine | null) => void>();
  const tell = (line: LogLine | null): void => {
    for (const listener of listeners) listener(line);
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (text.startsWith('{')) tell(JSON.parse(text));
  });
  child.once('exit', () => tell(null));

  const next = (event: string, limitMs = 60_000): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        listeners.delete(listener);
        settle();
      };
      const listener = (line: LogLine | null): void => {
        if (line === null) end(() => reject(new Error(`silkpost ended before its event ${event}`)));
        else if (line.event === event) end(() => resolve(line));
      };
      const timer = setTimeout(() => end(() => reject(new Error(`no event ${event} in ${limitMs} ms`))), limitMs);
      listeners.add(listener);
    });

  try {
    const ready = await next('ready', 1_200_000);
    return { pid, url: String(ready['url']), next, stop: () => stopProcess(child) };
  } catch (error) {
    await stopProcess(child);
    throw error;
  }
}
