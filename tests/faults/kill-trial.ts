import { setTimeout as pause } from 'node:timers/promises';
import { collect, sumOf } from '../support/mailing.ts';
import { thinking } from './fault-mode.ts';
import { createFaultNewsroom } from './fault-newsroom.ts';
import type { FaultServer } from './fault-relay.ts';
import { compareWithLog } from './mode-trial.ts';
import { seededRandom } from './seeded-random.ts';
import { startSilkpostChild } from './silkpost-child.ts';

export interface KillWishes {
  readonly kills: number;
  readonly readers: number;
  readonly ratePerSecond: number;
  readonly connections: number;
  readonly seed: number;
  /** `mail.transport` */
  readonly transport: string;
  readonly onProgress?: (kills: number, done: number) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly readers: number;
  readonly sent: number;
  readonly inDoubt: number;
  /** Of those in doubt, how many the server has. */
  readonly inDoubtStored: number;
  readonly mostAfterOneKill: number;
  readonly violations: readonly string[];
}

/** Of ten kills one falls before the worker is ready: while it opens the ledger and looks for what was lost. */
const earlyShare = 0.1;

/**
 * Sends an edition by the real program, `silkpost worker`, which is killed (SIGKILL) at random instants and started
 * again each time; then holds the ledger against the log of the server that got the mail.
 */
export async function tryKills(server: FaultServer, wishes: KillWishes): Promise<KillReport> {
  const { readers, connections, ratePerSecond } = wishes;
  const random = seededRandom(wishes.seed);
  const newsroom = await createFaultNewsroom(wishes, [`transport: ${wishes.transport}`]);
  const relay = await server.open(thinking, { folder: newsroom.dir, seed: wishes.seed });
  const violations: string[] = [];
  try {
    const variables = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${relay.port}?tls=none` };
    const id = await newsroom.freezeEdition(variables.SILKPOST_SMTP_URL);
    const countsOf = () => newsroom.room.editions.getCounts(id);
    let kills = 0;
    let inDoubt = 0;
    let mostAfterOneKill = 0;
    let readyMs = 1000;
    for (;;) {
      const child = startSilkpostChild(['worker', '--dir', newsroom.dir], variables);
      const startedAt = performance.now();
      const before = await countsOf();
      const left = before.queued + before.claimed;
      if (kills < wishes.kills && left > 0) {
        if (random() < earlyShare) await pause(random() * readyMs);
        else if (await child.waitFor('ready')) {
          readyMs = performance.now() - startedAt;
          // So that the kills are spread over what is left of the send.
          await pause(((2 * left) / ratePerSecond / (wishes.kills - kills)) * 1000 * random());
        }
        child.kill('SIGKILL');
      } else {
        // The one before may have been killed when it had done everything: then there is nothing left to tell.
        const isSent = (await newsroom.room.editions.findEdition(id))?.state === 'sent';
        await (isSent ? child.waitFor('ready') : child.waitFor('edition', '"state":"sent"'));
        child.kill('SIGTERM');
      }
      const { signal, code, said } = await child.ended;
      const counts = await countsOf();
      if (sumOf(counts) !== counts.candidates)
        violations.push(`kill ${kills}: ${sumOf(counts)} accounted for of ${counts.candidates}`);
      // Those that the last worker found, and those that this one leaves for the next.
      const more = counts.in_doubt - inDoubt;
      mostAfterOneKill = Math.max(mostAfterOneKill, more, counts.attempting);
      if (Math.max(more, counts.attempting) > connections) {
        violations.push(
          `kill ${kills}: ${more} more in doubt and ${counts.attempting} open with ${connections} connections`,
        );
      }
      inDoubt = counts.in_doubt;
      if (signal === 'SIGKILL') kills += 1;
      else if (code === 0 || code === 3) break;
      else {
        violations.push(`The worker ended with ${code}: ${said.slice(-500)}`);
        break;
      }
      wishes.onProgress?.(kills, counts.sent + counts.in_doubt);
    }
    const counts = await countsOf();
    const rows = await collect(newsroom.room.ledger.listDeliveries(id));
    const arrivals = relay.arrivals();
    violations.push(...compareWithLog(rows, arrivals));
    if (counts.sent + counts.in_doubt !== readers)
      violations.push(`${counts.sent} sent and ${counts.in_doubt} in doubt of ${readers}`);
    if (rows.filter(({ state }) => state === 'in_doubt').length !== counts.in_doubt)
      violations.push('not everybody in doubt is listed');
    const stored = new Set(arrivals.filter((arrival) => arrival.stored).map(({ messageId }) => messageId));
    const inDoubtStored = rows.filter(
      ({ state, messageId }) => state === 'in_doubt' && stored.has(messageId ?? ''),
    ).length;
    return { kills, readers, sent: counts.sent, inDoubt: counts.in_doubt, inDoubtStored, mostAfterOneKill, violations };
  } finally {
    await relay.close();
    await newsroom.remove();
  }
}
