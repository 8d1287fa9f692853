import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TurmoilOrders } from './turmoil-process.ts';

const program = fileURLToPath(new URL('turmoil-process.ts', import.meta.url));

/** One of the processes. */
export interface Busy {
  readonly isStruck: boolean;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
  hasEnded(): boolean;
  /** SIGKILL. */
  strike(): void;
  /** Stands still for so long, or until it is told to wake up. */
  stop(ms?: number): void;
  wake(): void;
  /** Lets it end; resolves with what went wrong, or null. */
  finish(): Promise<string | null>;
}

export function startBusy(orders: TurmoilOrders): Busy {
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, said: said.join('') }));
  let isStruck = false;
  let waking: NodeJS.Timeout | null = null;
  const wake = (): void => {
    if (waking !== null) clearTimeout(waking);
    waking = null;
    child.kill('SIGCONT');
  };
  return {
    get isStruck() {
      return isStruck;
    },
    ended,
    hasEnded: () => isOver(child),
    strike() {
      isStruck = true;
      if (waking !== null) clearTimeout(waking);
      child.kill('SIGKILL');
    },
    stop(ms) {
      if (waking !== null || isOver(child)) return;
      child.kill('SIGSTOP');
      if (ms !== undefined) waking = setTimeout(wake, ms);
    },
    wake,
    async finish() {
      wake();
      child.kill('SIGTERM');
      const { code, said: words } = await ended;
      // One that was about to begin hears no wish yet.
      return isStruck || code === 0 || child.signalCode === 'SIGTERM' ? null : `a process ended with ${code}: ${words}`;
    },
  };
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
