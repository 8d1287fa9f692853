import { createEvidence, createOutboxTransport, createSmtpTransport, type Relay } from '../../src/delivery/index.ts';
import { sentenceOf } from '../../src/errors.ts';
import { openMailRoom, workerOn } from './mailing.ts';

/** What a sending process is told, as JSON in its first argument. */
export interface SendingOrders {
  /** Holds the database and, where there is no relay, the outbox. */
  readonly folder: string;
  readonly relay: Relay | null;
  readonly connections?: number;
  readonly leaseMs?: number;
  readonly batch?: number;
  /** Only opens the database and ends. */
  readonly onlyOpen?: boolean;
}

/*
 * A process of its own that sends what is due in a folder's database, so that tests can kill or freeze one. It prints
 * `begun` once it is under way and `done` at its end.
 */
const orders: SendingOrders = JSON.parse(process.argv[2] ?? '{}');
try {
  const room = await openMailRoom(orders.folder);
  if (!orders.onlyOpen) {
    const transport =
      orders.relay === null
        ? createOutboxTransport(`${orders.folder}/outbox`)
        : createSmtpTransport({
            relay: orders.relay,
            connections: orders.connections ?? 5,
            messagesPerConnection: 100,
            drainMs: 1000,
          });
    const worker = workerOn(room, transport, {
      findEvidence: createEvidence(`${orders.folder}/outbox`),
      ...(orders.leaseMs === undefined ? {} : { leaseMs: orders.leaseMs }),
      ...(orders.batch === undefined ? {} : { batch: orders.batch }),
      onProgress: () => process.stdout.write('begun\n'),
    });
    await worker.runUntilIdle(null);
  }
  await room.close();
  process.stdout.write('done\n');
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
