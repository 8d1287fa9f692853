import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';
import { toInstant } from '../../src/clock.ts';
import { createSmtpTransport, type Relay } from '../../src/delivery/index.ts';
import { sentenceOf } from '../../src/errors.ts';
import { openMailRoom, workerOn } from '../support/mailing.ts';
import { seededRandom } from './seeded-random.ts';
import { createTurmoilDeeds, type Deed } from './turmoil-deeds.ts';

/** What a process of a turmoil is told, as JSON in its first argument. */
export interface TurmoilOrders {
  /** Holds the database, and the logs of what people did. */
  readonly folder: string;
  readonly relay: Relay;
  readonly seed: number;
  /** Epoch milliseconds from which on time goes by faster, so that leases, retries and expiries come round. */
  readonly since: number;
  readonly work:
    | { readonly kind: 'send'; readonly connections: number; readonly ahead: number; readonly pipelineNext: boolean }
    | { readonly kind: 'meddle'; readonly name: string; readonly pool: number; readonly betweenMs: number };
}

/** How much faster. */
export const speed = 60;
/** Two seconds of the wall's clock: a process that is stopped for longer has lost what it held. */
const leaseMs = 2000 * speed;

/** The clock that all processes of a turmoil share. */
export function fastClock(since: number): Clock {
  return { now: () => toInstant(Math.round(since + (Date.now() - since) * speed)) };
}

async function send({ folder, relay, since, work }: TurmoilOrders): Promise<void> {
  if (work.kind !== 'send') return;
  const room = await openMailRoom(folder);
  const transport = createSmtpTransport({
    relay,
    connections: work.connections,
    messagesPerConnection: 50,
    drainMs: 1000,
    backOffMs: 10,
    pipelineNext: work.pipelineNext,
  });
  const worker = workerOn(room, transport, { clock: fastClock(since), leaseMs, ahead: work.ahead, batch: 250 });
  process.once('SIGTERM', () => void worker.stop());
  await worker.start();
  await worker.ended;
  await transport.close();
  await room.close();
}

async function meddle({ folder, relay, seed, since, work }: TurmoilOrders): Promise<void> {
  if (work.kind !== 'meddle') return;
  const room = await openMailRoom(folder);
  const random = seededRandom(seed);
  const deeds = await createTurmoilDeeds({
    room,
    folder,
    transport: relay.name,
    clock: fastClock(since),
    random,
    pool: work.pool,
    name: work.name,
  });
  const log = openSync(join(folder, `deeds-${work.name}.jsonl`), 'a');
  const write = (deed: Deed): void => void writeSync(log, `${JSON.stringify(deed)}\n`);
  let isOver = false;
  process.once('SIGTERM', () => {
    isOver = true;
  });
  while (!isOver) {
    await deeds.doOne(write);
    await pause(random() * 2 * work.betweenMs);
  }
  closeSync(log);
  await room.close();
}

if (process.argv[1] === import.meta.filename) {
  const orders: TurmoilOrders = JSON.parse(process.argv[2] ?? '{}');
  try {
    await (orders.work.kind === 'send' ? send(orders) : meddle(orders));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}
