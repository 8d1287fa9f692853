import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { SendingOrders } from './sending-process.ts';

const program = fileURLToPath(new URL('sending-process.ts', import.meta.url));

export interface SendingProcess {
  readonly pid: number;
  /** Resolves when it has settled its first deliveries, or ended. */
  readonly begun: Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `sending-process.ts`; it is killed when the test ends. */
export function startSending(orders: SendingOrders): SendingProcess {
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stderr: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
  const closed = once(child, 'close');
  const begun = Promise.race([once(child.stdout, 'data'), closed]).then(() => {});
  const ended = closed.then(() => ({ code: child.exitCode, signal: child.signalCode, stderr: stderr.join('') }));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  return { pid: child.pid ?? 0, begun, ended, kill: (signal) => child.kill(signal) };
}
