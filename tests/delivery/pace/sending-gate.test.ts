import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createSmtpTransport, type Transport } from '../../../src/delivery/index.ts';
import {
  addReaders,
  collect,
  freezeWeekly,
  type MailRoom,
  manyReaders,
  openMailRoom,
  sumOf,
  workerOn,
} from '../../support/mailing.ts';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let room: MailRoom;
beforeEach(async () => {
  const folder = await temporaryFolder();
  room = await openMailRoom(folder.path);
  onTestFinished(() => room.close());
});

function transportTo(sink: SmtpSink, connections = 3): Transport {
  return createSmtpTransport({
    relay: sink.relay,
    connections,
    messagesPerConnection: 100,
    pipelineNext: false,
    drainMs: 1000,
    backOffMs: 10,
  });
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come about in 30 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const of = (domain: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ email: `reader${index}@${domain}` }));

async function rowsOf(id: string, domain: string) {
  const rows = await collect(room.ledger.listDeliveries(id));
  return rows.filter(({ address }) => address?.endsWith(`@${domain}`));
}

describe('a domain', () => {
  it('that says slow down is deferred, and keeps nobody else waiting', async () => {
    const sink = await startSmtpSink({
      script: ({ phase, to }) =>
        phase === 'rcpt' && to.includes('@slow.example') ? { answer: '450 4.7.1 slow down' } : null,
    });
    await addReaders(room, [...of('slow.example', 3), ...of('quick.example', 20)]);
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    await workerOn(room, transportTo(sink)).runUntilIdle(id);
    const slow = await rowsOf(id, 'slow.example');
    expect(slow.map(({ state, replyClass, phase }) => [state, replyClass, phase])).toEqual(
      slow.map(() => ['deferred', 'slow_down', 'rcpt']),
    );
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 20, deferred: 3 });
    const throttle = (await room.paces.listThrottles(sink.relay.name, 0)).get('slow.example');
    expect(throttle?.connections).toBeLessThan(3);
  });

  it('that refuses the sender is closed at once; what waits for it is deferred and no reader is blamed', async () => {
    const sink = await startSmtpSink({
      script: ({ phase, to }) =>
        phase === 'rcpt' && to.includes('@closed.example') ? { answer: '550 5.7.1 blocked by our blocklist' } : null,
    });
    await addReaders(room, [...of('closed.example', 40), ...of('open.example', 20)]);
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    await workerOn(room, transportTo(sink, 1)).runUntilIdle(id);
    const closed = await rowsOf(id, 'closed.example');
    expect(closed.filter(({ state }) => state === 'failed').length).toBeLessThanOrEqual(3);
    expect(closed.filter(({ state }) => state === 'deferred').length).toBeGreaterThanOrEqual(37);
    const until15 = closed.flatMap(({ state, notBefore }) => (state === 'deferred' && notBefore ? [notBefore] : []));
    expect(new Set(until15).size).toBe(1);
    // What nobody asked the domain about says so, instead of an answer that it never got.
    const unasked = closed.filter(({ state, attempts }) => state === 'deferred' && attempts === 0);
    expect(unasked.map(({ reason, reply }) => [reason, reply])).toEqual(unasked.map(() => ['domain_closed', null]));
    expect(unasked.length).toBeGreaterThanOrEqual(37);
    expect(await rowsOf(id, 'open.example')).toMatchObject(Array.from({ length: 20 }, () => ({ state: 'sent' })));
    // Another process, or this one after a restart, knows of it: nothing of a later edition goes there either.
    await room.ledger.cancelEdition(id, new Date().toISOString());
    const later = await freezeWeekly(room, { transport: sink.relay.name });
    await workerOn(room, transportTo(sink, 1)).runUntilIdle(later.id);
    expect(await room.editions.getCounts(later.id)).toMatchObject({ sent: 20, deferred: 40 });
  });

  it('with a pace of its own gets no more, and keeps nobody else waiting', async () => {
    const sink = await startSmtpSink();
    await addReaders(room, [...of('paced.example', 150), ...of('quick.example', 60)]);
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    const perDomain = new Map([['paced.example', 1 / 3600]]);
    const worker = workerOn(room, transportTo(sink), { perDomain, batch: 20 });
    await worker.start();
    await until(async () => (await rowsOf(id, 'quick.example')).every(({ state }) => state === 'sent'));
    await worker.stop();
    // Started again: the hour isn't over.
    const again = workerOn(room, transportTo(sink), { perDomain, batch: 20 });
    await again.start();
    await until(async () => (await room.editions.getCounts(id)).claimed > 0);
    await again.stop();
    expect((await rowsOf(id, 'paced.example')).filter(({ state }) => state === 'sent').length).toBeLessThanOrEqual(1);
    const counts = await room.editions.getCounts(id);
    expect(counts).toMatchObject({ claimed: 0, attempting: 0 });
    expect(sumOf(counts)).toBe(210);
  });
});

describe('an edition', () => {
  it('is paused when sender faults are too many, and the rest stays queued', async () => {
    const sink = await startSmtpSink({
      script: ({ phase }) => (phase === 'rcpt' ? { answer: '554 5.7.1 relay access denied' } : null),
    });
    await addReaders(
      room,
      Array.from({ length: 60 }, (_, index) => ({ email: `reader@domain${index}.example` })),
    );
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    await workerOn(room, transportTo(sink)).runUntilIdle(id);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'paused', reason: 'sender_faults' });
    const counts = await room.editions.getCounts(id);
    expect(counts.failed).toBeGreaterThanOrEqual(5);
    expect(counts.failed).toBeLessThanOrEqual(15);
    expect(counts.failed + counts.queued + counts.deferred).toBe(60);
    expect(await rowsOf(id, 'domain0.example')).toMatchObject([{ reason: 'rejected', replyClass: 'our_reputation' }]);
  });

  it('begins no envelope after it was paused; an open answer is taken', async () => {
    const open = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    let envelopes = 0;
    let dots = 0;
    const sink = await startSmtpSink({
      script({ phase }) {
        if (phase === 'mail') envelopes += 1;
        return null;
      },
      async beforeAnswer() {
        dots += 1;
        if (dots === 2) open.resolve();
        await answer.promise;
      },
    });
    await addReaders(room, manyReaders(30));
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    const worker = workerOn(room, transportTo(sink, 2));
    await worker.start();
    await open.promise;
    await room.ledger.pauseEdition(id, 'operator', new Date().toISOString());
    answer.resolve();
    await until(async () => (await room.editions.getCounts(id)).sent === 2);
    expect(envelopes).toBe(2);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 2, queued: 28 });
    await room.ledger.resumeEdition(id, new Date().toISOString());
    await until(async () => (await room.editions.getCounts(id)).sent === 30);
    await worker.stop();
    expect(sink.accepted).toHaveLength(30);
  });
});

describe('attempts ahead', () => {
  it('are at most as many as asked for, and go back at a stop', async () => {
    const connections = 3;
    const ahead = 2;
    let most = 0;
    const sink = await startSmtpSink({
      async beforeAnswer() {
        const { attempting } = await room.editions.getCounts(id);
        most = Math.max(most, attempting);
      },
    });
    await addReaders(room, manyReaders(120));
    const { id } = await freezeWeekly(room, { transport: sink.relay.name });
    const worker = workerOn(room, transportTo(sink, connections), { ahead: ahead * connections, batch: 40 });
    await worker.start();
    await until(() => sink.accepted.length > 40);
    await worker.stop();
    expect(most).toBeGreaterThan(connections);
    expect(most).toBeLessThanOrEqual((ahead + 2) * connections);
    expect(await room.editions.getCounts(id)).toMatchObject({ attempting: 0, claimed: 0, in_doubt: 0 });
    await workerOn(room, transportTo(sink, connections), { ahead: ahead * connections }).runUntilIdle(id);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 120 });
    expect(new Set(sink.accepted.map(({ messageId }) => messageId)).size).toBe(120);
    expect(sink.accepted).toHaveLength(120);
  });
});
