import { sql } from 'kysely';
import { createSmtpTransport } from '../../src/delivery/index.ts';
import { sentenceOf } from '../../src/errors.ts';
import { collect, sumOf, workerOn } from '../support/mailing.ts';
import { thinking } from './fault-mode.ts';
import { createFaultNewsroom, type FaultNewsroom } from './fault-newsroom.ts';
import type { FaultRelay, FaultServer } from './fault-relay.ts';
import { compareWithLog, laterClock } from './mode-trial.ts';
import { startSilkpostChild } from './silkpost-child.ts';

export interface StopReport {
  /** What was said when it stopped. */
  readonly said: string;
  readonly sent: number;
  readonly inDoubt: number;
  readonly violations: readonly string[];
}

const connections = 10;
/** No file of the program may grow beyond so many KB: its write-ahead log does, in the middle of the send. */
const maxFileKb = 1500;

async function withNewsroom(
  server: FaultServer,
  readers: number,
  seed: number,
  work: (newsroom: FaultNewsroom, relay: FaultRelay, violations: string[]) => Promise<{ id: string; said: string }>,
): Promise<StopReport> {
  const newsroom = await createFaultNewsroom({ readers, ratePerSecond: 2000, connections }, ['transport: smtp']);
  const relay = await server.open(thinking, { folder: newsroom.dir, seed });
  try {
    const violations: string[] = [];
    const { id, said } = await work(newsroom, relay, violations);
    const counts = await newsroom.room.editions.getCounts(id);
    violations.push(...compareWithLog(await collect(newsroom.room.ledger.listDeliveries(id)), relay.arrivals()));
    if (counts.sent + counts.in_doubt !== readers)
      violations.push(`${counts.sent} sent, ${counts.in_doubt} in doubt of ${readers}`);
    if (counts.in_doubt > connections) violations.push(`${counts.in_doubt} in doubt with ${connections} connections`);
    return { said, sent: counts.sent, inDoubt: counts.in_doubt, violations };
  } finally {
    await relay.close();
    await newsroom.remove();
  }
}

async function frozen(newsroom: FaultNewsroom, smtpUrl: string): Promise<string> {
  const [id = ''] = await newsroom.freezeEditions(smtpUrl);
  return id;
}

async function checkStop({ room }: FaultNewsroom, id: string, violations: string[]): Promise<void> {
  const counts = await room.editions.getCounts(id);
  if (sumOf(counts) !== counts.candidates) violations.push(`${sumOf(counts)} accounted for of ${counts.candidates}`);
  if (counts.sent === counts.candidates) violations.push('it was over before it was stopped');
}

/** `silkpost worker` where the system refuses to write (EFBIG, an I/O error to SQLite), and again where it doesn't. */
export function tryIoError(server: FaultServer, readers: number, seed: number): Promise<StopReport> {
  return withNewsroom(server, readers, seed, async (newsroom, relay, violations) => {
    const variables = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${relay.port}?tls=none` };
    const id = await frozen(newsroom, variables.SILKPOST_SMTP_URL);
    await sql`pragma wal_checkpoint(truncate)`.execute(newsroom.room.database);
    const words = ['worker', '--dir', newsroom.dir];
    const { code, signal, said } = await startSilkpostChild(words, variables, maxFileKb).ended;
    if (signal !== null || code === 0) violations.push(`it ended with ${signal ?? code}`);
    if (!said.includes('Sending has stopped: disk I/O error')) violations.push(`it said: ${said.slice(-1000)}`);
    await checkStop(newsroom, id, violations);
    const again = startSilkpostChild(words, variables);
    await again.waitFor('edition', '"state":"sent"');
    again.kill('SIGTERM');
    await again.ended;
    return { id, said };
  });
}

/** A worker whose database may grow no further, as on a full disk (SQLITE_FULL), and another one when there is room. */
export function tryFullDisk(server: FaultServer, readers: number, seed: number): Promise<StopReport> {
  return withNewsroom(server, readers, seed, async (newsroom, relay, violations) => {
    const id = await frozen(newsroom, relay.relay.name);
    const { room } = newsroom;
    const transport = () =>
      createSmtpTransport({ relay: relay.relay, connections, messagesPerConnection: 100, drainMs: 2000 });
    await sql`pragma max_page_count = 1`.execute(room.database); // SQLite makes that the pages there are
    const said = await workerOn(room, transport())
      .runUntilIdle(id)
      .then(() => 'nothing', sentenceOf);
    if (!said.includes('full')) violations.push(`it said: ${said}`);
    await checkStop(newsroom, id, violations);
    await sql`pragma max_page_count = 1000000`.execute(room.database);
    await workerOn(room, transport(), { clock: laterClock }).runUntilIdle(id);
    return { id, said };
  });
}
