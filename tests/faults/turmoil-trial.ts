import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, plusMs } from '../../src/clock.ts';
import { createSmtpTransport } from '../../src/delivery/index.ts';
import { openEditionStates } from '../../src/digest/index.ts';
import { createSubscriberStore } from '../../src/storage/index.ts';
import { openKeys } from '../../src/subscribers/index.ts';
import { type MailRoom, openMailRoom, workerOn } from '../support/mailing.ts';
import { moody } from './fault-mode.ts';
import type { FaultRelay, FaultServer } from './fault-relay.ts';
import { seededRandom } from './seeded-random.ts';
import { accountForTurmoil, sampleTurmoil } from './turmoil-account.ts';
import { type Busy, startBusy } from './turmoil-busy.ts';
import type { Deed } from './turmoil-deeds.ts';
import { fastClock, type TurmoilOrders } from './turmoil-process.ts';

const sampleMs = 50;

export interface TurmoilWishes {
  readonly readers: number;
  /** How much people do, all together. */
  readonly deeds: number;
  /** Of each of the two who meddle, between two deeds, on average. */
  readonly betweenMs: number;
  /** How many processes are killed or stopped meanwhile. */
  readonly strikes: number;
  readonly ahead: number;
  readonly pipelineNext: boolean;
  readonly seed: number;
  readonly onProgress?: (deeds: number) => void;
}

export interface TurmoilReport {
  readonly deeds: number;
  readonly editions: number;
  readonly messages: number;
  readonly samples: number;
  readonly kills: number;
  readonly stops: number;
  readonly violations: readonly string[];
}

/**
 * Two processes send while two others do what operators and readers do, all at random, and any of them is killed (SIGKILL)
 * or stands still for a while (SIGSTOP), also for longer than its leases. The ledger's sums are looked at all the while; in
 * the end it is held against the log of the server, which has a bad day, and against what people did.
 */
export async function tryTurmoil(server: FaultServer, wishes: TurmoilWishes): Promise<TurmoilReport> {
  const folder = await mkdtemp(join(tmpdir(), 'silkpost-turmoil-'));
  const room = await openMailRoom(folder);
  const relay = await server.open(moody, { folder, seed: wishes.seed });
  const since = Date.now();
  const clock = fastClock(since);
  const random = seededRandom(wishes.seed);
  const violations = new Set<string>();
  let seeds = wishes.seed;
  const start = (work: TurmoilOrders['work']): Busy => {
    seeds += 1000;
    return startBusy({ folder, relay: relay.relay, seed: seeds, since, work });
  };
  const works: TurmoilOrders['work'][] = [
    ...[1, 2].map(
      () => ({ kind: 'send', connections: 4, ahead: wishes.ahead, pipelineNext: wishes.pipelineNext }) as const,
    ),
    ...['one', 'two'].map(
      (name) => ({ kind: 'meddle', name, pool: wishes.readers, betweenMs: wishes.betweenMs }) as const,
    ),
  ];
  const report = { samples: 0, kills: 0, stops: 0 };
  const busy: Busy[] = [];
  try {
    await enterReaders(room, folder, wishes.readers, clock);
    busy.push(...works.map(start));
    // By what has been done, so that a busy machine strikes no process down before it has begun.
    let strikeAt = random() * 2 * (wishes.deeds / wishes.strikes);
    for (let done = 0; done < wishes.deeds && violations.size < 10; done = readDeeds(folder).length) {
      for (const found of await sampleTurmoil(room)) violations.add(found);
      report.samples += 1;
      for (const [index, one] of busy.entries()) {
        if (!one.hasEnded()) continue;
        if (!one.isStruck) violations.add(`a process ended: ${(await one.ended).said}`);
        const work = works[index];
        if (work) busy[index] = start(work);
      }
      if (done > strikeAt) {
        strikeAt = done + random() * 2 * (wishes.deeds / wishes.strikes);
        const victim = busy[Math.floor(random() * busy.length)];
        if (random() < 0.5) {
          report.kills += 1;
          victim?.strike();
        } else {
          report.stops += 1;
          // Leases are over after two seconds.
          victim?.stop(random() * 4000);
        }
      }
      wishes.onProgress?.(done);
      await pause(sampleMs);
    }
    for (const one of busy) violations.add((await one.finish()) ?? '');
    const endedAt = Date.now();
    await endAll(room, relay, clock);
    for (const found of await sampleTurmoil(room)) violations.add(found);
    const deeds = readDeeds(folder);
    for (const found of await accountForTurmoil(room, relay.arrivals(), deeds, endedAt)) violations.add(found);
    violations.delete('');
    return {
      ...report,
      deeds: deeds.length,
      editions: (await room.editions.listEditions({ limit: 1000 })).length,
      messages: relay.arrivals().filter(({ stored }) => stored).length,
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

/** Makes readers of `weekly`: `reader0@example.com` … */
export async function enterReaders(room: MailRoom, folder: string, readers: number, clock: Clock): Promise<void> {
  const store = createSubscriberStore(room.database, await openKeys(folder));
  for (let done = 0; done < readers; done += 500) {
    const some = Array.from({ length: Math.min(500, readers - done) }, (_, index) => ({
      email: `reader${done + index}@example.com`,
      name: null,
      languages: ['en'],
      countries: [],
      topics: [],
      timezone: null,
      newsletters: ['weekly'],
      source: 'import' as const,
      consent: 'Made up.',
      sample: false,
    }));
    await store.addSubscribers(some, clock.now());
  }
}

/** Lets everything that isn't over come to its end, by a relay that is well again: days go by. */
export async function endAll(room: MailRoom, relay: FaultRelay, clock: Clock): Promise<void> {
  await relay.heal();
  for (let hours = 1; hours <= 64; hours *= 2) {
    const later: Clock = { now: () => plusMs(clock.now(), hours * 3_600_000) };
    for (const { id, state, frozenAt } of await room.editions.listEditions({ states: openEditionStates })) {
      if (frozenAt === null) await room.ledger.cancelEdition(id, later.now());
      else if (state === 'paused' || state === 'held') await room.ledger.resumeEdition(id, later.now());
    }
    const transport = createSmtpTransport({
      relay: relay.healed,
      connections: 4,
      messagesPerConnection: 100,
      drainMs: 1000,
      backOffMs: 10,
    });
    await workerOn(room, transport, { clock: later }).runUntilIdle(null);
    await transport.close();
  }
}

/** What people did so far: of a deed that is done only how it ended. */
function readDeeds(folder: string): Deed[] {
  const files = readdirSync(folder).filter((name) => /^deeds-.*\.jsonl$/.test(name));
  return files.flatMap((name) => {
    const file = join(folder, name);
    const deeds = new Map<string, Deed>();
    if (!existsSync(file)) return [];
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
      const deed: Deed = JSON.parse(line);
      deeds.set(`${deed.number} ${deed.start}`, deed);
    }
    return [...deeds.values()];
  });
}
