import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Delivery } from '../../src/delivery/index.ts';
import { createSmtpTransport } from '../../src/delivery/index.ts';
import {
  addReaders,
  collect,
  freezeWeekly,
  type MailRoom,
  manyReaders,
  openMailRoom,
  sumOf,
  workerOn,
} from '../support/mailing.ts';
import { startSending } from '../support/sending-processes.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function openRoom(): Promise<{ folder: string; room: MailRoom }> {
  const { path: folder } = await temporaryFolder();
  const room = await openMailRoom(folder);
  onTestFinished(() => room.close());
  return { folder, room };
}

async function rowsOf(room: MailRoom, editionId: string): Promise<Delivery[]> {
  return collect(room.ledger.listDeliveries(editionId));
}

/** Message-IDs of the complete messages in an outbox. */
async function outboxIds(folder: string, editionId: string): Promise<string[]> {
  const names = (await readdir(join(folder, 'outbox', editionId))).filter((name) => name.endsWith('.eml'));
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(folder, 'outbox', editionId, name), 'latin1');
      expect(content.endsWith('--\r\n')).toBe(true);
      return /^Message-ID: (.*)\r$/m.exec(content)?.[1] ?? '';
    }),
  );
}

/** A seeded generator, so that a failure can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('kill -9 in the middle of an outbox send', () => {
  it('repeats nothing, loses nothing and leaves nothing in doubt', async () => {
    const { folder, room } = await openRoom();
    const random = randomFrom(7);
    await addReaders(room, manyReaders(1500));
    const { id } = await freezeWeekly(room, { size: 2000 });
    let kills = 0;
    for (;;) {
      const child = startSending({ folder, relay: null });
      await child.begun;
      if (kills < 6) {
        await pause(random() * 60);
        child.kill('SIGKILL');
      }
      const { signal, code, stderr } = await child.ended;
      expect(stderr).toBe('');
      const counts = await room.editions.getCounts(id);
      expect(sumOf(counts)).toBe(counts.candidates);
      if (signal === 'SIGKILL') kills += 1;
      if (code === 0) break;
    }
    expect(kills).toBeGreaterThanOrEqual(3);
    expect(await room.editions.getCounts(id)).toMatchObject({ candidates: 1500, sent: 1500 });
    const ids = await outboxIds(folder, id);
    expect(new Set(ids)).toEqual(new Set((await rowsOf(room, id)).map(({ messageId }) => messageId)));
    expect(ids).toHaveLength(1500);
    const leftovers = (await readdir(join(folder, 'outbox', id))).filter((name) => name.endsWith('.tmp'));
    expect(leftovers).toEqual([]);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sent' });
    expect(await room.ledger.listWorkers()).toEqual([]);
  });
});

describe('kill -9 in the middle of an SMTP send', () => {
  it('repeats nothing, loses nothing, and is in doubt about no more than its connections each time', async () => {
    const { folder, room } = await openRoom();
    const random = randomFrom(11);
    const sink = await startSmtpSink({
      pipelining: true,
      script: ({ phase }) => (phase === 'dot' ? { afterMs: 2 } : null),
    });
    await addReaders(room, manyReaders(1200));
    const { id } = await freezeWeekly(room, { size: 2000, transport: sink.relay.name });
    const connections = 5;
    let kills = 0;
    let inDoubt = 0;
    for (;;) {
      const child = startSending({ folder, relay: sink.relay, connections });
      await child.begun;
      if (kills < 6) {
        await pause(random() * 60);
        child.kill('SIGKILL');
      }
      const { signal, code, stderr } = await child.ended;
      expect(stderr).toBe('');
      const counts = await room.editions.getCounts(id);
      expect(sumOf(counts)).toBe(counts.candidates);
      expect(counts.attempting).toBeLessThanOrEqual(connections);
      expect(counts.in_doubt - inDoubt).toBeLessThanOrEqual(connections);
      inDoubt = counts.in_doubt;
      if (signal === 'SIGKILL') kills += 1;
      if (code === 0) break;
    }
    expect(kills).toBeGreaterThanOrEqual(3);
    const rows = await rowsOf(room, id);
    const counts = await room.editions.getCounts(id);
    expect(counts.sent + counts.in_doubt).toBe(1200);
    const arrived = sink.accepted.map(({ messageId }) => messageId);
    expect(new Set(arrived).size).toBe(arrived.length);
    // Everybody has it, but perhaps those in doubt, each of whom is listed.
    const missing = rows.filter(({ messageId }) => !arrived.includes(messageId ?? ''));
    expect(missing.every(({ state }) => state === 'in_doubt')).toBe(true);
    expect(rows.filter(({ state }) => state === 'in_doubt').every(({ reason }) => reason === 'worker_gone')).toBe(true);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sent' });
  });
});

describe('two processes at once', () => {
  it('both open a database that is not there yet', async () => {
    const { path: folder } = await temporaryFolder();
    const children = Array.from({ length: 5 }, () => startSending({ folder, relay: null, onlyOpen: true }));
    for (const child of children) expect(await child.ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  it('share an outbox send: nothing repeated, nothing lost, nothing locked', async () => {
    const { folder, room } = await openRoom();
    await addReaders(room, manyReaders(1000));
    const { id } = await freezeWeekly(room);
    const children = [1, 2].map(() => startSending({ folder, relay: null, batch: 20 }));
    for (const child of children) expect(await child.ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 1000 });
    expect((await rowsOf(room, id)).every(({ attempts }) => attempts === 1)).toBe(true);
    expect(await outboxIds(folder, id)).toHaveLength(1000);
  });

  it('share an SMTP send, while readers join and leave', async () => {
    const { folder, room } = await openRoom();
    const sink = await startSmtpSink();
    await addReaders(room, manyReaders(600));
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    const children = [1, 2].map(() => startSending({ folder, relay: sink.relay, batch: 20 }));
    await children[0]?.begun;
    await room.database.updateTable('subscription').set({ state: 'left' }).where('subscriber_id', '>', 580).execute();
    await addReaders(room, [{ email: 'late@example.com' }]);
    for (const child of children) expect(await child.ended).toEqual({ code: 0, signal: null, stderr: '' });
    const counts = await room.editions.getCounts(id);
    expect(counts.sent + counts.cancelled).toBe(600);
    expect(sink.accepted).toHaveLength(counts.sent);
    expect(new Set(sink.accepted.map(({ to }) => to)).size).toBe(counts.sent);
  });
});

describe('a worker that is frozen (SIGSTOP) while others take its leases over', () => {
  it('sends nothing when it wakes up', async () => {
    const { folder, room } = await openRoom();
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    let isFirst = true;
    // The first connection's first message waits at DATA, before anything was begun, until the others are done.
    const sink = await startSmtpSink({
      async beforeData() {
        if (!isFirst) return;
        isFirst = false;
        reached.resolve();
        await gate.promise;
      },
    });
    await addReaders(room, manyReaders(40));
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    const frozen = startSending({ folder, relay: sink.relay, connections: 1, leaseMs: 1000 });
    await reached.promise;
    frozen.kill('SIGSTOP');
    const leaseOver = Date.now() + 1200;
    const other = workerOn(
      room,
      createSmtpTransport({
        relay: sink.relay,
        connections: 3,
        messagesPerConnection: 100,
        drainMs: 1000,
      }),
    );
    await other.start();
    while ((await room.editions.getCounts(id)).sent < 40) {
      expect(Date.now()).toBeLessThan(leaseOver + 20_000);
      await pause(20);
    }
    await other.stop();
    frozen.kill('SIGCONT');
    gate.resolve();
    expect(await frozen.ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(sink.received).toHaveLength(40);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 40, in_doubt: 0 });
  });
});

describe('a result that comes after its lease was over', () => {
  /** The row of the only reader: while its edition is over and the relay still thinks, and after it has answered. */
  async function answerLate(
    answer: string | null,
  ): Promise<{ before: Delivery | undefined; after: Delivery | undefined }> {
    const { room } = await openRoom();
    const answering = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const sink = await startSmtpSink({
      async beforeAnswer() {
        answering.resolve();
        await gate.promise;
      },
      script: ({ phase }) => (phase === 'dot' && answer !== null ? { answer } : null),
    });
    await addReaders(room, manyReaders(1));
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    const transport = createSmtpTransport({
      relay: sink.relay,
      connections: 1,
      messagesPerConnection: 100,
      drainMs: 1000,
    });
    // It never beats, so its lease ends while the relay thinks.
    const slow = workerOn(room, transport, { leaseMs: 50, beatMs: 60_000 });
    const running = slow.runUntilIdle(null);
    await answering.promise;
    await pause(60);
    const other = workerOn(room, transport);
    await other.runUntilIdle(null);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sent' });
    const [before] = await rowsOf(room, id);
    gate.resolve();
    await running;
    const [after] = await rowsOf(room, id);
    expect(sink.received).toHaveLength(1);
    return { before, after };
  }

  it('is late evidence: it settles what was put in doubt', async () => {
    const { before, after } = await answerLate(null);
    expect(before).toMatchObject({ state: 'in_doubt', reason: 'worker_gone' });
    expect(after).toMatchObject({ state: 'sent', reason: null });
  });

  it('leaves nobody waiting in an edition that is over', async () => {
    const { after } = await answerLate('451 4.3.0 later');
    expect(after).toMatchObject({ state: 'failed', reason: 'expired', reply: '451 4.3.0 later', notBefore: null });
  });
});
