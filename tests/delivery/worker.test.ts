import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { plusMs, systemClock, toMs } from '../../src/clock.ts';
import type { Attempt, ClaimRequest, Transport } from '../../src/delivery/index.ts';
import { silentLog } from '../../src/log.ts';
import { connectionOf } from '../../src/storage/database/database.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import {
  addReaders,
  collect,
  composerOf,
  freezeWeekly,
  type MailRoom,
  manyReaders,
  openMailRoom,
  workerOn,
} from '../support/mailing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let room: MailRoom;
beforeEach(async () => {
  const folder = await temporaryFolder();
  room = await openMailRoom(folder.path);
  onTestFinished(() => room.close());
});

interface Heap extends Transport {
  readonly released: Attempt[];
}

/** A transport that lets content out as soon as a begin took, one message after the other. */
function heap(name = 'outbox'): Heap {
  const released: Attempt[] = [];
  return {
    name,
    released,
    async run(source, signal) {
      for (;;) {
        const attempt = await source.next(signal);
        if (attempt === null) return;
        if (await source.begin(attempt)) {
          released.push(attempt);
          await source.settle([{ kind: 'sent', attempt, reply: '250 ok', phase: 'final_dot' }]);
        } else {
          await source.settle([{ kind: 'stopped', attempt }]);
        }
      }
    },
    async close() {},
  };
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come about in 20 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const ofDelivery = (id: number) => sql`select subscriber_id from delivery where id = ${id}`;

describe('runUntilIdle', () => {
  it('sends what is due and ends, the edition sent and nobody registered', async () => {
    await addReaders(room, manyReaders(250));
    const { id } = await freezeWeekly(room);
    const progress: number[] = [];
    const worker = workerOn(room, heap(), { onProgress: ({ sent }) => progress.push(sent) });
    expect(await worker.runUntilIdle(null)).toMatchObject({ sent: 250, answered: 250 });
    expect(progress.at(-1)).toBe(250);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sent' });
    expect(await room.ledger.listWorkers()).toEqual([]);
  });

  it('sends one edition where that is asked for', async () => {
    await addReaders(room, manyReaders(3));
    const { id } = await freezeWeekly(room);
    const transport = heap();
    expect(await workerOn(room, transport).runUntilIdle('another')).toMatchObject({ sent: 0 });
    expect(await workerOn(room, transport).runUntilIdle(id)).toMatchObject({ sent: 3 });
  });

  it("never touches another transport's deliveries", async () => {
    await addReaders(room, manyReaders(3));
    const { id } = await freezeWeekly(room, { transport: 'smtp://relay.example:587' });
    const transport = heap('outbox');
    await workerOn(room, transport).runUntilIdle(null);
    expect(transport.released).toEqual([]);
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 3 });
  });

  it('releases nothing after a commit that failed, and ends with its error', async () => {
    await addReaders(room, manyReaders(20));
    const { id } = await freezeWeekly(room);
    let commits = 0;
    const ledger: MailRoom['ledger'] = {
      ...room.ledger,
      async commit(entries, now) {
        commits += 1;
        if (commits > 6) throw new Error('disk full');
        return room.ledger.commit(entries, now);
      },
    };
    const transport = heap();
    await expect(workerOn(room, transport, { ledger }).runUntilIdle(null)).rejects.toThrow('disk full');
    // Three were begun and settled; the fourth's begin failed.
    expect(transport.released).toHaveLength(3);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 3, claimed: 17 });
  });

  it('ends where a message cannot be made, and gives everything back', async () => {
    await addReaders(room, manyReaders(5));
    const { id } = await freezeWeekly(room);
    const compose = async () => {
      throw new Error('no such variant');
    };
    const transport = heap();
    await expect(workerOn(room, transport, { compose }).runUntilIdle(null)).rejects.toThrow('no such variant');
    expect(transport.released).toEqual([]);
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 5 });
  });

  it('leaves to later what a claim brings of a domain that was closed meanwhile', async () => {
    await addReaders(room, manyReaders(4));
    const { id } = await freezeWeekly(room);
    const postponed = Promise.withResolvers<void>();
    let claims = 0;
    const ledger: MailRoom['ledger'] = {
      ...room.ledger,
      async claim(request) {
        claims += 1;
        const isAhead = claims === 2;
        const claimed = await room.ledger.claim(request);
        if (isAhead) await postponed.promise;
        return claimed;
      },
      async postpone(postponement) {
        await room.ledger.postpone(postponement);
        postponed.resolve();
      },
    };
    const transport: Transport = {
      ...heap(),
      async run(source, signal) {
        const connection = async (): Promise<void> => {
          for (let attempt = await source.next(signal); attempt !== null; attempt = await source.next(signal)) {
            expect(await source.begin(attempt)).toBe(true);
            await source.settle([{ kind: 'deferred', attempt, reply: '450 Client host blocked', phase: 'rcpt' }]);
          }
        };
        await Promise.all([connection(), connection()]);
      },
    };
    expect(await workerOn(room, transport, { ledger, batch: 2 }).runUntilIdle(id)).toMatchObject({ deferred: 2 });
    expect(await room.editions.getCounts(id)).toMatchObject({ deferred: 4 });
  });

  it('gives a connection that waits already what was begun ahead of it', async () => {
    await addReaders(room, manyReaders(3));
    await freezeWeekly(room);
    const transport: Transport = {
      ...heap(),
      async run(source, signal) {
        // As relays' connections do: the next is asked for while one is under way.
        let coming = source.next(signal);
        for (;;) {
          const attempt = await coming;
          if (attempt === null) return;
          coming = source.next(signal);
          expect(await source.begin(attempt)).toBe(true);
          await source.settle([{ kind: 'sent', attempt, reply: '250 ok', phase: 'final_dot' }]);
        }
      },
    };
    expect(await workerOn(room, transport, { ahead: 4 }).runUntilIdle(null)).toMatchObject({ sent: 3 });
  });

  it('gives a delivery the same Message-ID at each try, and other deliveries others', async () => {
    await addReaders(room, manyReaders(2));
    await freezeWeekly(room);
    const compose = composerOf(room);
    const now = systemClock.now();
    const claim = { worker: 'w', transport: 'outbox', limit: 2, now, leaseUntil: now, editionId: null };
    const first = await Promise.all((await room.ledger.claim(claim)).map(compose));
    await room.ledger.recover(now, ['w']);
    const second = await Promise.all((await room.ledger.claim(claim)).map(compose));
    expect(first.map(({ messageId }) => messageId)).toEqual(second.map(({ messageId }) => messageId));
    expect(new Set(first.map(({ messageId }) => messageId)).size).toBe(2);
    expect(first.map(({ token }) => token)).not.toEqual(second.map(({ token }) => token));
  });
});

describe('start', () => {
  it('sends an edition that is frozen later, by itself or by another process, and what is deferred at its time', async () => {
    await addReaders(room, manyReaders(3));
    const transport = heap();
    const worker = workerOn(room, transport);
    await worker.start();
    await until(async () => (await room.ledger.listWorkers()).length === 1);
    const { id } = await freezeWeekly(room);
    await until(async () => (await room.editions.findEdition(id))?.state === 'sent');
    expect(transport.released).toHaveLength(3);
    const { id: second } = await freezeWeekly(room);
    worker.nudge();
    await until(async () => (await room.editions.findEdition(second))?.state === 'sent');
    expect(await worker.stop()).toMatchObject({ sent: 6 });
    await worker.ended;
    expect(await room.ledger.listWorkers()).toEqual([]);
  });

  it('beats and renews its leases while it lives', async () => {
    await addReaders(room, manyReaders(1));
    await freezeWeekly(room);
    const gate = Promise.withResolvers<void>();
    const transport: Transport = {
      ...heap(),
      async run(source, signal) {
        const attempt = await source.next(signal);
        if (!attempt) return;
        await gate.promise;
        expect(await source.begin(attempt)).toBe(true);
        await source.settle([{ kind: 'sent', attempt, reply: '250 ok', phase: 'final_dot' }]);
      },
    };
    const worker = workerOn(room, transport, { leaseMs: 1000, beatMs: 20 });
    const running = worker.runUntilIdle(null);
    await until(async () => (await room.ledger.listWorkers()).length === 1);
    const [before] = await room.ledger.listWorkers();
    await until(async () => {
      const [after] = await room.ledger.listWorkers();
      return toMs(after?.heartbeatAt ?? '') - toMs(before?.heartbeatAt ?? '') > 1200;
    });
    gate.resolve();
    expect(await running).toMatchObject({ sent: 1 });
  });

  it('sends nothing that was begun ahead of a sleep past its lease, though the lease is renewed', async () => {
    await addReaders(room, manyReaders(2));
    const clock = fixedClock('2026-11-27T03:00:00Z');
    const { id } = await freezeWeekly(room, { now: clock.now() });
    const awake = plusMs(clock.now(), 3600_000);
    let renewals = 0;
    const ledger: MailRoom['ledger'] = {
      ...room.ledger,
      async renewLeases(worker, leaseUntil) {
        if (leaseUntil > awake) renewals += 1;
        await room.ledger.renewLeases(worker, leaseUntil);
      },
    };
    const transport: Transport = {
      ...heap(),
      async run(source, signal) {
        const first = await source.next(signal);
        const second = await source.next(signal);
        if (!first || !second) throw new Error('too few');
        expect(await source.begin(first)).toBe(true);
        await source.settle([{ kind: 'sent', attempt: first, reply: '250 ok', phase: 'final_dot' }]);
        // Another process looks for what is lost while this one sleeps.
        const lost = await room.ledger.recover(awake, []);
        expect(lost.map(({ deliveryId }) => deliveryId)).toEqual([second.deliveryId]);
        for (const one of lost) await room.ledger.resolve(one, 'in_doubt', 'gone', awake);
        clock.set(awake);
        await until(() => renewals > 1);
        expect(await source.begin(second)).toBe(false);
        await source.settle([{ kind: 'stopped', attempt: second }]);
      },
    };
    const worker = workerOn(room, transport, { ledger, clock, ahead: 1 });
    expect(await worker.runUntilIdle(null)).toMatchObject({ sent: 1 });
    // It is known by now that nothing of it went out, and the edition was over before.
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 1, failed: 1, in_doubt: 0 });
  });

  it('sends nothing where it slept past its lease while a begin was being written, until it has a new one', async () => {
    await addReaders(room, manyReaders(1));
    const clock = fixedClock('2026-11-27T03:00:00Z');
    const { id } = await freezeWeekly(room, { now: clock.now() });
    let sleeps = 0;
    const ledger: MailRoom['ledger'] = {
      ...room.ledger,
      async commit(entries, now) {
        const took = await room.ledger.commit(entries, now);
        if (entries.some(({ kind }) => kind === 'begin') && sleeps++ === 0) clock.set(plusMs(now, 3600_000));
        return took;
      },
    };
    const transport = heap();
    expect(await workerOn(room, transport, { ledger, clock }).runUntilIdle(null)).toMatchObject({ sent: 1 });
    expect(transport.released).toHaveLength(1);
    expect(await collect(room.ledger.listDeliveries(id))).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  it('sends nothing that was begun ahead of a pause', async () => {
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room);
    const transport: Transport = {
      ...heap(),
      async run(source, signal) {
        const first = await source.next(signal);
        const second = await source.next(signal);
        if (!first || !second) throw new Error('too few');
        expect(await source.begin(first)).toBe(true);
        await room.ledger.pauseEdition(id, 'operator', systemClock.now());
        expect(await source.begin(second)).toBe(false);
        await source.settle([{ kind: 'sent', attempt: first, reply: '250 ok', phase: 'final_dot' }]);
        await source.settle([{ kind: 'stopped', attempt: second }]);
      },
    };
    expect(await workerOn(room, transport, { ahead: 1 }).runUntilIdle(null)).toMatchObject({ sent: 1 });
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 1, queued: 1 });
  });

  it.each([
    ['left', (id: number) => sql`update subscription set state = 'left' where subscriber_id = (${ofDelivery(id)})`],
    [
      'was suppressed',
      (id: number) => sql`insert into suppression (address_key, reason, since)
        select address_key, 'asked', '' from subscriber where id = (${ofDelivery(id)})`,
    ],
  ])('sends nothing that was begun ahead to a reader who %s since', async (_what, done) => {
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room);
    const transport: Transport = {
      ...heap(),
      async run(source, signal) {
        const first = await source.next(signal);
        const second = await source.next(signal);
        if (!first || !second) throw new Error('too few');
        expect(await source.begin(first)).toBe(true);
        await done(second.deliveryId).execute(room.database);
        expect(await source.begin(second)).toBe(false);
        await source.settle([{ kind: 'sent', attempt: first, reply: '250 ok', phase: 'final_dot' }]);
        await source.settle([{ kind: 'stopped', attempt: second }]);
      },
    };
    expect(await workerOn(room, transport, { ahead: 1 }).runUntilIdle(null)).toMatchObject({ sent: 1 });
    await workerOn(room, heap()).runUntilIdle(null);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 1, cancelled: 1 });
  });

  it('tells whoever listens what ended it', async () => {
    const ledger = {
      ...room.ledger,
      claim: async () => {
        throw new Error('database disk image is malformed');
      },
    };
    const worker = workerOn(room, heap(), { ledger });
    await worker.start();
    await expect(worker.ended).rejects.toThrow('malformed');
    await worker.stop();
  });

  it('goes on when a process that keeps the database to itself lets go, having begun nothing meanwhile', async () => {
    const problems: unknown[] = [];
    let asked = 0;
    let refused = 0;
    const ledger = {
      ...room.ledger,
      claim(request: ClaimRequest) {
        asked += 1;
        return room.ledger.claim(request).catch((error: unknown) => {
          refused += 1;
          throw error;
        });
      },
    };
    const transport = heap();
    const log = { ...silentLog, error: (_event: string, fields?: unknown) => problems.push(fields) };
    const worker = workerOn(room, transport, { ledger, log });
    await worker.start();
    await until(() => asked > 0);
    const own = connectionOf(room.database);
    own.exec('pragma busy_timeout = 1');
    const other = new DatabaseSync(own.location() ?? '');
    other.exec('begin immediate');
    await until(() => problems.length > 0 && refused > 0);
    other.exec('rollback');
    other.close();
    expect(problems[0]).toMatchObject({ message: expect.stringMatching(/^Another process has kept the database/) });
    await addReaders(room, manyReaders(2));
    await freezeWeekly(room);
    await until(() => transport.released.length === 2);
    await worker.stop();
  });

  it('takes over from a process that died: its claims are queued, what it had begun is in doubt and listed', async () => {
    await addReaders(room, manyReaders(3));
    const { id } = await freezeWeekly(room);
    const now = systemClock.now();
    const dead = { id: 'dead', host: 'here', pid: 4711, transport: 'outbox', startedAt: now, heartbeatAt: now };
    await room.ledger.registerWorker(dead);
    const claimed = await room.ledger.claim({
      worker: 'dead',
      transport: 'outbox',
      limit: 2,
      now,
      leaseUntil: '2999-01-01T00:00:00.000Z',
      editionId: null,
    });
    const [begun] = claimed;
    if (!begun) throw new Error('nothing was claimed');
    await room.ledger.commit(
      [{ kind: 'begin', deliveryId: begun.deliveryId, token: begun.token, messageId: '<1@x>' }],
      now,
    );
    const problems: unknown[] = [];
    const worker = workerOn(room, heap(), {
      ownProcess: { host: 'here', pid: process.pid, startedAt: now, isAlive: (pid) => pid !== 4711 },
      log: { info() {}, warn: (_event, fields) => problems.push(fields), error() {} },
    });
    expect(await worker.runUntilIdle(null)).toMatchObject({ sent: 2 });
    expect((await collect(room.ledger.listDeliveries(id))).map(({ state }) => state)).toEqual([
      'in_doubt',
      'sent',
      'sent',
    ]);
    expect(problems).toMatchObject([{ edition: id, delivery: begun.deliveryId }]);
    expect(await room.ledger.listWorkers()).toEqual([]);
  });
});
