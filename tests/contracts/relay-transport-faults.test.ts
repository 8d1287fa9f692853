import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  createNodemailerTransport,
  createSmtpTransport,
  type Delivery,
  type RelayTransportOptions,
  type Transport,
} from '../../src/delivery/index.ts';
import type { EditionCounts } from '../../src/digest/index.ts';
import {
  addReaders,
  collect,
  type FreezeWishes,
  freezeWeekly,
  type MailRoom,
  manyReaders,
  openMailRoom,
  sumOf,
  workerOn,
} from '../support/mailing.ts';
import { type Fault, type Phase, type SinkOptions, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const readers = 12;
const connections = 3;
/** The one that faults single out. */
const victim = 'reader5@example.com';

let room: MailRoom;
beforeEach(async () => {
  const folder = await temporaryFolder();
  room = await openMailRoom(folder.path);
  onTestFinished(() => room.close());
});

interface Sent {
  readonly sink: SmtpSink;
  readonly editionId: string;
  readonly counts: EditionCounts;
  readonly rows: readonly Delivery[];
  readonly victim: Delivery | undefined;
}

const transports: Readonly<Record<string, (options: RelayTransportOptions) => Transport>> = {
  'the bulk client': createSmtpTransport,
  'the bulk client with pipelineNext': (options) => createSmtpTransport({ ...options, pipelineNext: true }),
  nodemailer: createNodemailerTransport,
};

describe.each(Object.entries(transports))('%s', (name, createTransport) => {
  function transportTo(sink: SmtpSink, options: Partial<RelayTransportOptions> = {}) {
    return createTransport({
      relay: sink.relay,
      connections,
      messagesPerConnection: 100,
      drainMs: 1000,
      backOffMs: 10,
      ...options,
    });
  }

  /** Sends an edition to twelve readers through a sink, and checks what must hold whatever happens. */
  async function sendThrough(
    sinkOptions: SinkOptions,
    options: Partial<RelayTransportOptions> = {},
    wishes: FreezeWishes = {},
    count = readers,
  ): Promise<Sent> {
    const sink = await startSmtpSink(sinkOptions);
    await addReaders(room, manyReaders(count));
    const { id } = await freezeWeekly(room, { ...wishes, transport: sink.relay.name });
    await workerOn(room, transportTo(sink, options)).runUntilIdle(id);
    return account(sink, id);
  }

  async function account(sink: SmtpSink, editionId: string): Promise<Sent> {
    const counts = await room.editions.getCounts(editionId);
    const rows = await collect(room.ledger.listDeliveries(editionId));
    expect(sumOf(counts)).toBe(counts.candidates);
    expect(counts).toMatchObject({ queued: 0, claimed: 0, attempting: 0 });
    expect(counts.in_doubt).toBeLessThanOrEqual(connections);
    // Each Message-ID at most once, and each one that arrived belongs to a row that says so or isn't sure.
    const arrived = sink.received.map(({ messageId }) => messageId);
    expect(new Set(arrived).size).toBe(arrived.length);
    const taken = new Set(sink.accepted.map(({ messageId }) => messageId));
    for (const row of rows) {
      const isTaken = taken.has(row.messageId ?? '');
      if (row.state === 'sent') expect(isTaken).toBe(true);
      else expect([row.state, isTaken && row.state !== 'in_doubt']).toEqual([row.state, false]);
    }
    expect(sink.accepted.map(({ to }) => to).sort()).toEqual(
      rows
        .filter(({ messageId }) => taken.has(messageId ?? ''))
        .map(({ address }) => address)
        .sort(),
    );
    return { sink, editionId, counts, rows, victim: rows.find(({ address }) => address === victim) };
  }

  /** A fault each time the victim's message comes to this phase. */
  const atVictim = (phase: Phase, fault: Fault) => (at: { phase: Phase; to: string }) =>
    at.phase === phase && at.to === victim ? fault : null;

  /** A fault the first time that any connection comes to this phase. */
  function once(phase: Phase, fault: Fault) {
    let isOver = false;
    return (at: { phase: Phase }) => {
      if (at.phase !== phase || isOver) return null;
      isOver = true;
      return fault;
    };
  }

  describe.each([
    ['with pipelining', true],
    ['without pipelining', false],
  ])('a relay %s', (_name, pipelining) => {
    it('takes every message once, over few connections', async () => {
      const { sink, counts, rows } = await sendThrough({ pipelining });
      expect(counts).toMatchObject({ candidates: readers, sent: readers });
      expect(sink.accepted).toHaveLength(readers);
      expect(sink.peak).toBeLessThanOrEqual(connections);
      expect(rows.map(({ reply }) => reply)).toContain('250 2.0.0 queued as 1');
      expect(sink.accepted.every(({ from }) => from === 'digest@dispatch.example')).toBe(true);
    });

    it.each<[string, Phase, Fault, Partial<Delivery>]>([
      ['450 to RCPT', 'rcpt', { answer: '450 4.2.0 greylisted' }, { state: 'deferred', reply: '450 4.2.0 greylisted' }],
      [
        '550 to RCPT',
        'rcpt',
        { answer: '550 5.1.1 nobody' },
        { state: 'failed', reason: 'rejected', reply: '550 5.1.1 nobody' },
      ],
      ['451 to DATA', 'data', { answer: '451 4.3.0 later' }, { state: 'deferred', reply: '451 4.3.0 later' }],
      ['554 to DATA', 'data', { answer: '554 5.5.1 no' }, { state: 'failed', reply: '554 5.5.1 no' }],
      ['421 to DATA', 'data', { close: '421 4.3.2 going down' }, { state: 'deferred', reply: '421 4.3.2 going down' }],
      ['451 to the final dot', 'dot', { answer: '451 4.3.0 later' }, { state: 'deferred', reply: '451 4.3.0 later' }],
      ['554 to the final dot', 'dot', { answer: '554 5.6.0 spam' }, { state: 'failed', reply: '554 5.6.0 spam' }],
    ])('takes %s for an answer, about that message alone', async (_name, phase, fault, expected) => {
      const { counts, victim: row } = await sendThrough({ pipelining, script: atVictim(phase, fault) });
      expect(row).toMatchObject({ ...expected, attempts: 1 });
      expect(counts.sent).toBe(readers - 1);
    });

    it('takes 552 to MAIL for an answer about that message, which is too long', async () => {
      const script = once('mail', { answer: '552 5.3.4 too long' });
      const { counts, rows } = await sendThrough({ pipelining, script });
      expect(counts).toMatchObject({ failed: 1, sent: readers - 1 });
      expect(rows.find(({ state }) => state === 'failed')).toMatchObject({
        reply: '552 5.3.4 too long',
        phase: 'mail',
        replyClass: 'this_message',
      });
    });

    it.each<[Phase, string]>([
      ['mail', '421 4.7.0 enough for now'],
      ['rcpt', '421 4.7.0 slow down'],
      ['dot', '421 4.3.2 going down'],
    ])('takes 421 at %s for an answer, unless an answer may have been left out before it', async (phase, reply) => {
      // Of those that belong to the final dot and the envelope that went along fewer have come than were asked for.
      const isClouded = pipelining && name === 'the bulk client with pipelineNext';
      const script = phase === 'mail' ? once(phase, { close: reply }) : atVictim(phase, { close: reply });
      const { counts, victim: row } = await sendThrough({ pipelining, script });
      if (phase !== 'mail' && row?.state !== 'in_doubt')
        expect(row).toMatchObject({ state: 'deferred', reply, attempts: 1 });
      expect(counts.in_doubt).toBeLessThanOrEqual(isClouded ? 1 : 0);
      expect(counts.deferred + counts.in_doubt).toBeLessThanOrEqual(isClouded && phase === 'rcpt' ? 2 : 1);
      expect(counts.sent).toBe(readers - counts.deferred - counts.in_doubt);
    });

    it.each([true, false])(
      'is in doubt where the answer to the final dot is left out (stored: %s)',
      async (isStored) => {
        const { counts, victim: row } = await sendThrough(
          { pipelining, script: atVictim('dot', { omit: isStored }) },
          { timeouts: { answerMs: 1500 } },
        );
        expect(row).toMatchObject({ state: 'in_doubt', attempts: 1 });
        expect(counts).toMatchObject({ sent: readers - 1, in_doubt: 1 });
      },
    );

    it('tries a message again whose connection ended in the middle of its content', async () => {
      const { counts, rows } = await sendThrough(
        { pipelining, script: once('body', 'drop') },
        {},
        { size: 8_000_000 },
        2,
      );
      expect(counts).toMatchObject({ sent: 2 });
      expect(rows.map(({ attempts }) => attempts).sort()).toEqual([1, 2]);
    });

    it('writes no final dot after an answer that came in the middle of the content', async () => {
      const { sink, counts, rows } = await sendThrough(
        {
          pipelining,
          script: ({ phase, to }) =>
            phase === 'body' && to.startsWith('reader0') ? { answer: '451 4.3.0 enough' } : null,
        },
        {},
        { size: 8_000_000 },
        2,
      );
      expect(rows[0]).toMatchObject({ state: 'deferred', reply: '451 4.3.0 enough' });
      expect(counts).toMatchObject({ sent: 1, deferred: 1 });
      expect(sink.received.map(({ to }) => to)).toEqual(['reader1@example.com']);
    });

    it('waits for a slow answer to the final dot', async () => {
      const { counts } = await sendThrough({ pipelining, script: atVictim('dot', { afterMs: 300 }) });
      expect(counts.sent).toBe(readers);
    });

    it('sends nothing to a reader who leaves between the claim and the 354', async () => {
      const {
        sink,
        counts,
        victim: row,
      } = await sendThrough({
        pipelining,
        async beforeData(to) {
          if (to !== victim) return;
          await room.database
            .updateTable('subscription')
            .set({ state: 'left' })
            .where('subscriber_id', 'in', room.database.selectFrom('subscriber').select('id').where('email', '=', to))
            .execute();
        },
      });
      expect(row).toMatchObject({ state: 'cancelled', reason: 'reader_left', attempts: 0, messageId: null });
      expect(counts.sent).toBe(readers - 1);
      expect(sink.received.map(({ to }) => to)).not.toContain(victim);
    });

    it('sends no more of an edition that is cancelled', async () => {
      let editionId = '';
      const sink = await startSmtpSink({
        pipelining,
        async beforeAnswer() {
          if (sink.received.length === 4) await room.ledger.cancelEdition(editionId, new Date().toISOString());
        },
      });
      await addReaders(room, manyReaders(readers));
      editionId = (await freezeWeekly(room, { transport: sink.relay.name })).id;
      await workerOn(room, transportTo(sink)).runUntilIdle(null);
      const { counts } = await account(sink, editionId);
      expect(counts.sent).toBeGreaterThanOrEqual(4);
      // Those that had begun by then went through; each connection has at most one.
      expect(counts.sent).toBeLessThan(4 + connections);
      expect(counts.cancelled).toBe(readers - counts.sent);
    });
  });

  describe('a relay that cannot be used', () => {
    it('keeps everybody queued, and says so after a few tries', async () => {
      const sink = await startSmtpSink();
      await sink.close();
      await addReaders(room, manyReaders(readers));
      const { id } = await freezeWeekly(room, { transport: sink.relay.name });
      const told: string[] = [];
      const transport = transportTo(sink, { onTrouble: (sentence) => told.push(sentence) });
      await expect(workerOn(room, transport).runUntilIdle(id)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(sink.relay.name),
      });
      expect(told.length).toBeGreaterThanOrEqual(3);
      expect(await room.editions.getCounts(id)).toMatchObject({ candidates: readers, queued: readers });
      expect(await room.ledger.listWorkers()).toEqual([]);
    });

    it('keeps everybody queued where it refuses the sender', async () => {
      const sink = await startSmtpSink({
        script: ({ phase }) => (phase === 'mail' ? { answer: '530 5.7.0 sign in first' } : null),
      });
      await addReaders(room, manyReaders(readers));
      const { id } = await freezeWeekly(room, { transport: sink.relay.name });
      await expect(workerOn(room, transportTo(sink)).runUntilIdle(id)).rejects.toThrow('530 5.7.0 sign in first');
      expect(await room.editions.getCounts(id)).toMatchObject({ queued: readers });
    });

    it('goes on with the connections that it allows', async () => {
      const sink = await startSmtpSink({
        script: ({ phase, connection }) =>
          phase === 'greeting' && connection > 1 ? { close: '421 4.7.0 one connection only' } : null,
      });
      await addReaders(room, manyReaders(readers));
      const { id } = await freezeWeekly(room, { transport: sink.relay.name });
      await workerOn(room, transportTo(sink)).runUntilIdle(id);
      expect(await room.editions.getCounts(id)).toMatchObject({ sent: readers });
    });
  });

  describe('connections', () => {
    it('are closed after so many messages', async () => {
      const { sink } = await sendThrough({}, { connections: 1, messagesPerConnection: 5 });
      expect(sink.connections).toBe(3);
    });
  });

  describe('a stop', () => {
    it('waits for the answer to a message that has begun, and gives the rest back', async () => {
      const answering = Promise.withResolvers<void>();
      const sink = await startSmtpSink({
        pipelining: true,
        beforeAnswer: async () => {
          answering.resolve();
          await stopAsked.promise;
        },
      });
      const stopAsked = Promise.withResolvers<void>();
      await addReaders(room, manyReaders(readers));
      const { id } = await freezeWeekly(room, { transport: sink.relay.name });
      const worker = workerOn(room, transportTo(sink, { connections: 1 }));
      await worker.start();
      await answering.promise;
      const stopped = worker.stop();
      stopAsked.resolve();
      expect(await stopped).toMatchObject({ sent: 1, inDoubt: 0 });
      expect(await room.editions.getCounts(id)).toMatchObject({ sent: 1, queued: readers - 1 });
      expect(await room.ledger.listWorkers()).toEqual([]);
    });

    it('waits for no relay that has got no content, however long others may wait', async () => {
      const asked = Promise.withResolvers<void>();
      const sink = await startSmtpSink({
        pipelining: true,
        script({ phase }) {
          if (phase !== 'rcpt') return null;
          asked.resolve();
          return 'silence';
        },
      });
      await addReaders(room, manyReaders(readers));
      const { id } = await freezeWeekly(room, { transport: sink.relay.name });
      const worker = workerOn(room, transportTo(sink, { connections: 1, drainMs: 3600_000 }));
      await worker.start();
      await asked.promise;
      expect(await worker.stop()).toMatchObject({ sent: 0, inDoubt: 0 });
      expect(await room.editions.getCounts(id)).toMatchObject({ queued: readers });
    });

    it('is in doubt about an answer that may be another’s when the time is over', async () => {
      const isNext = Promise.withResolvers<void>();
      const sink = await startSmtpSink({
        pipelining: true,
        script({ phase, message }) {
          if (phase !== 'rcpt' || message !== 2) return null;
          isNext.resolve();
          return 'silence';
        },
      });
      await addReaders(room, manyReaders(readers));
      const { id } = await freezeWeekly(room, { transport: sink.relay.name });
      const worker = workerOn(room, transportTo(sink, { connections: 1, drainMs: 50 }));
      await worker.start();
      await isNext.promise;
      const isClouded = name === 'the bulk client with pipelineNext';
      expect(await worker.stop()).toMatchObject(isClouded ? { sent: 0, inDoubt: 1 } : { sent: 1, inDoubt: 0 });
      expect(await room.editions.getCounts(id)).toMatchObject({ queued: readers - 1, claimed: 0, attempting: 0 });
      expect(await room.ledger.listWorkers()).toEqual([]);
    });

    it('is in doubt about what is not answered in time, and says how much', async () => {
      const begun = Promise.withResolvers<void>();
      const sink = await startSmtpSink({
        script: ({ phase }) => (phase === 'dot' ? 'silence' : null),
        beforeAnswer: () => begun.resolve(),
      });
      await addReaders(room, manyReaders(readers));
      const { id } = await freezeWeekly(room, { transport: sink.relay.name });
      const worker = workerOn(room, transportTo(sink, { connections: 1, drainMs: 50 }));
      await worker.start();
      await begun.promise;
      expect(await worker.stop()).toMatchObject({ sent: 0, inDoubt: 1 });
      expect(await room.editions.getCounts(id)).toMatchObject({ in_doubt: 1, queued: readers - 1 });
    });
  });
});
