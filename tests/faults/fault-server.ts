import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { FaultConnection, type FaultListener } from './fault-connection.ts';
import { type FaultMode, findMode, healed, healthy } from './fault-mode.ts';
import { seededRandom } from './seeded-random.ts';

/** What the server process is told, and what it says back with the same `id`. */
export type FaultOrder =
  | {
      readonly id: number;
      readonly kind: 'listen';
      readonly mode: string;
      readonly log: string;
      readonly seed: number;
      readonly pipelining: boolean;
      readonly port: number;
    }
  /** The fault is over: from now on the port answers as a good relay does. */
  | { readonly id: number; readonly kind: 'heal'; readonly port: number }
  | { readonly id: number; readonly kind: 'close'; readonly port: number };

export interface FaultReply {
  readonly id: number;
  readonly port: number;
}

interface Open {
  readonly server: Server;
  readonly listener: FaultListener;
  readonly sockets: Set<Socket>;
  readonly log: number;
}

/*
 * A process of its own that listens as its parent orders, on one port for each mode. Its logs are the truth: a line is on
 * disk before the client is told anything.
 */
const open = new Map<number, Open>();
const fixtures = new URL('../fixtures/relay-tls/', import.meta.url);

function tlsOf({ certificate }: FaultMode): FaultListener['tls'] {
  if (!certificate) return null;
  return {
    key: readFileSync(new URL('key.pem', fixtures)),
    cert: readFileSync(new URL(`${certificate}.pem`, fixtures)),
  };
}

function listen({
  mode: name,
  log: file,
  seed,
  pipelining,
  port,
}: Extract<FaultOrder, { kind: 'listen' }>): Promise<number> {
  const mode = findMode(name);
  const log = openSync(file, 'a');
  const listener: FaultListener = {
    mode,
    tls: tlsOf(mode),
    pipelining,
    random: seededRandom(seed),
    hasStruck: false,
    record(arrival) {
      writeSync(log, `${JSON.stringify(arrival)}\n`);
      fsyncSync(log);
    },
  };
  const sockets = new Set<Socket>();
  let connections = 0;
  // Else the answers to pipelined commands wait for each other's acknowledgements.
  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new FaultConnection(socket, connections, listener);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : 0;
      open.set(taken, { server, listener, sockets, log });
      resolve(taken);
    });
  });
}

async function obey(order: FaultOrder): Promise<number> {
  if (order.kind === 'listen') return listen(order);
  const known = open.get(order.port);
  if (!known) throw new Error(`Nothing listens on ${order.port}.`);
  for (const socket of known.sockets) socket.destroy();
  if (order.kind === 'heal') {
    known.listener.tls = tlsOf(healed(known.listener.mode));
    known.listener.mode = healthy;
  } else {
    open.delete(order.port);
    await new Promise<void>((resolve) => known.server.close(() => resolve()));
    closeSync(known.log);
  }
  return order.port;
}

process.on('message', (order: FaultOrder) => {
  obey(order).then((port) => process.send?.({ id: order.id, port } satisfies FaultReply));
});
process.on('disconnect', () => process.exit());
