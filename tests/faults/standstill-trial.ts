import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { freezeWeekly, openMailRoom } from '../support/mailing.ts';
import { moody } from './fault-mode.ts';
import type { FaultServer } from './fault-relay.ts';
import { seededRandom } from './seeded-random.ts';
import { accountForTurmoil, sampleTurmoil } from './turmoil-account.ts';
import { type Busy, startBusy } from './turmoil-busy.ts';
import { fastClock, type TurmoilOrders } from './turmoil-process.ts';
import { endAll, enterReaders } from './turmoil-trial.ts';

export interface StandstillWishes {
  /** How many editions are sent, one after the other. */
  readonly editions: number;
  readonly readers: number;
  /** Attempts committed ahead, all connections together. */
  readonly ahead: number;
  readonly seed: number;
  readonly onProgress?: (done: number) => void;
}

export interface StandstillReport {
  readonly stored: number;
  readonly inDoubt: number;
  /** Who was in doubt and turned out, once the one that had stood still woke up, to have it or not. */
  readonly cleared: number;
  readonly violations: readonly string[];
}

/**
 * Two processes send an edition. One stands still (SIGSTOP) in the middle of it until the other has taken over what it
 * had and the edition is over; then it wakes up (SIGCONT) and finds the relay's answers.
 */
export async function tryStandstill(server: FaultServer, wishes: StandstillWishes): Promise<StandstillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'silkpost-standstill-'));
  const room = await openMailRoom(folder);
  const file = join(folder, 'silkpost.db');
  const relay = await server.open(moody, { folder, seed: wishes.seed });
  const since = Date.now();
  const clock = fastClock(since);
  const random = seededRandom(wishes.seed);
  const violations = new Set<string>();
  const work: TurmoilOrders['work'] = { kind: 'send', connections: 4, ahead: wishes.ahead, pipelineNext: false };
  const busy: Busy[] = [];
  let cleared = 0;
  const countDoubts = async (id: string): Promise<number> => (await room.editions.getCounts(id)).in_doubt;
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds()) && !busy.some((one) => one.hasEnded())) await pause(20);
  };
  try {
    await enterReaders(room, folder, wishes.readers, clock);
    busy.push(...[1, 2].map(() => startBusy({ folder, relay: relay.relay, seed: wishes.seed, since, work })));
    await until(async () => (await room.ledger.listWorkers()).length === busy.length);
    for (let done = 0; done < wishes.editions && violations.size < 10; done += 1) {
      // Who was refused for good is let in again, so that editions stay as large as they were.
      await room.database.deleteFrom('suppression').execute();
      const frozen = { transport: relay.relay.name, now: clock.now(), expiresMs: 30 * 60_000 };
      const { id } = await freezeWeekly(room, frozen);
      const wanted = 1 + Math.floor(random() * wishes.readers * 0.8);
      await until(async () => {
        const { queued, claimed } = await room.editions.getCounts(id);
        return queued + claimed <= wishes.readers - wanted;
      });
      const one = busy[Math.floor(random() * busy.length)];
      one?.stop();
      // In the middle of a transaction it would keep everybody else from writing until it wakes up.
      while (isLocked(file)) {
        one?.wake();
        await pause(random() * 10);
        one?.stop();
      }
      await until(async () => (await room.editions.findEdition(id))?.state !== 'sending');
      if ((await room.editions.findEdition(id))?.state === 'paused') await room.ledger.cancelEdition(id, clock.now());
      const before = await countDoubts(id);
      one?.wake();
      for (const found of await sampleTurmoil(room)) violations.add(found);
      // What it finds when it wakes up is written within moments, where there is anything.
      await pause(300);
      cleared += before - (await countDoubts(id));
      wishes.onProgress?.(done + 1);
    }
    for (const one of busy) violations.add((await one.finish()) ?? '');
    await endAll(room, relay, clock);
    for (const found of await accountForTurmoil(room, relay.arrivals(), [], 0)) violations.add(found);
    violations.delete('');
    const editions = await room.editions.listEditions({ limit: 1000 });
    const doubts = await Promise.all(editions.map(({ id }) => countDoubts(id)));
    return {
      stored: relay.arrivals().filter(({ stored }) => stored).length,
      inDoubt: doubts.reduce((sum, count) => sum + count, 0),
      cleared,
      violations: [...violations],
    };
  } finally {
    for (const one of busy) one.strike();
    await Promise.all(busy.map(({ ended }) => ended));
    await relay.close();
    await room.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Whether somebody who stands still is in the middle of writing: others are done within a second. */
function isLocked(file: string): boolean {
  const connection = new DatabaseSync(file, { timeout: 1000 });
  try {
    connection.exec('begin immediate; rollback');
    return false;
  } catch {
    return true;
  } finally {
    connection.close();
  }
}
