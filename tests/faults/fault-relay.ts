import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Relay } from '../../src/delivery/index.ts';
import type { Arrival } from './fault-connection.ts';
import { type FaultMode, healed } from './fault-mode.ts';
import type { FaultOrder, FaultReply } from './fault-server.ts';

const program = fileURLToPath(new URL('fault-server.ts', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/relay-tls/', import.meta.url));

/** A port of the fault server that misbehaves in one way. */
export interface FaultRelay {
  readonly relay: Relay;
  /** The same when the fault is over. */
  readonly healed: Relay;
  readonly port: number;
  /** What the server's log holds by now. */
  arrivals(): Arrival[];
  /** Ends the fault, and every connection. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

export interface RelayWishes {
  /** Where the log is kept. */
  readonly folder: string;
  readonly seed: number;
  /** Whether it announces PIPELINING; default true. */
  readonly pipelining?: boolean;
}

/** The fault server's process. */
export interface FaultServer {
  readonly pid: number;
  /** Opens a port for a mode; its log is kept in the folder. */
  open(mode: FaultMode, wishes: RelayWishes): Promise<FaultRelay>;
  close(): Promise<void>;
}

type Wish<Order> = Order extends FaultOrder ? Omit<Order, 'id'> : never;

export function startFaultServer(): FaultServer {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, (port: number) => void>();
  let orders = 0;
  child.on('message', ({ id, port }: FaultReply) => {
    waiting.get(id)?.(port);
    waiting.delete(id);
  });

  function ask(order: Wish<FaultOrder>): Promise<number> {
    orders += 1;
    const id = orders;
    return new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      child.send({ ...order, id }, (error) => error && reject(error));
    });
  }

  return {
    pid: child.pid ?? 0,
    async open(mode, { folder, seed, pipelining = true }) {
      const log = join(folder, 'relay.jsonl');
      const port = await ask({ kind: 'listen', mode: mode.name, log, seed, pipelining, port: 0 });
      return {
        relay: relayOn(port, mode),
        healed: relayOn(port, healed(mode)),
        port,
        arrivals: () => readArrivals(log),
        heal: async () => void (await ask({ kind: 'heal', port })),
        close: async () => void (await ask({ kind: 'close', port })),
      };
    },
    close: () => end(child),
  };
}

function relayOn(port: number, { trusts }: FaultMode): Relay {
  return {
    host: '127.0.0.1',
    port,
    tls: trusts === undefined ? 'none' : 'starttls',
    user: null,
    password: null,
    caFile: trusts === undefined ? null : join(fixtures, `${trusts}.pem`),
    loopback: true,
    name: `smtp://127.0.0.1:${port}`,
  };
}

function readArrivals(log: string): Arrival[] {
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return lines.map((line): Arrival => JSON.parse(line));
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.disconnect();
  });
}
