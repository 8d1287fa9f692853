import { describe, expect, it } from 'vitest';
import { plusMs, toMs } from '../../../src/clock.ts';
import { createLetterCarrier, createSendingGate, createSmtpTransport } from '../../../src/delivery/index.ts';
import { silentLog } from '../../../src/log.ts';
import { createLetterStore, createPaceStore } from '../../../src/storage/index.ts';
import type { Letter } from '../../../src/subscribers/index.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { newReader, openReaderStore } from '../../support/reader-store.ts';
import { type Script, startSmtpSink } from '../../support/smtp-sink.ts';

const never = new AbortController().signal;
const now = '2026-11-26T12:00:00.000Z';
const minuteMs = 60_000;

/** Letters on a real database that go to a real relay, and are short. */
async function openDesk(
  script: Script,
  rates: { perSecond?: number; perDomain?: Record<string, number> } = {},
  beforeAnswer = async (): Promise<void> => {},
) {
  const sink = await startSmtpSink({ script, beforeAnswer });
  const { database, keys, store } = await openReaderStore();
  const clock = fixedClock(now);
  const queue = createLetterStore(database, keys);
  const paces = createPaceStore(database);
  const relay = sink.relay.name;
  const transport = createSmtpTransport({
    relay: sink.relay,
    connections: 1,
    messagesPerConnection: 100,
    pipelineNext: false,
    drainMs: 1000,
  });
  const gateOf = (isForSingle: boolean) =>
    createSendingGate({
      relay,
      store: paces,
      perSecond: rates.perSecond ?? null,
      perDomain: new Map(Object.entries(rates.perDomain ?? {})),
      isForSingle,
    });
  const closed: string[] = [];
  const lines: string[] = [];
  const note = (event: string, fields: object = {}): void => void lines.push(`${event} ${JSON.stringify(fields)}`);
  const carrier = createLetterCarrier({
    queue,
    transport,
    gate: gateOf(true),
    compose: async ({ id, kind, address }: Letter) => ({
      deliveryId: id,
      token: '',
      editionId: '',
      newsletter: '',
      kind,
      messageId: `<${id}@courier.test>`,
      envelope: { from: 'desk@courier.test', to: address },
      message: () => [Buffer.from('Subject: a letter\r\n\r\nHello\r\n')],
    }),
    refusal: () => null,
    onClosed: (domain, until) => closed.push(`${domain} until ${until}`),
    clock,
    renewEveryMs: 5,
    log: { ...silentLog, warn: note, error: note },
  });
  return {
    sink,
    clock,
    closed,
    /** What was logged. */
    lines,
    /** The gate of a worker that sends an edition. */
    edition: gateOf(false),
    sendDue: () => carrier.sendDue(never),
    async post(...emails: readonly string[]) {
      for (const email of emails) {
        await store.addSubscribers([newReader(email)], now);
        const subscriberId = (await store.findByEmail(email))?.subscriber.id ?? 0;
        await queue.addLetter({ kind: 'link', subscriberId, address: email, lang: 'en', payload: {} }, clock.now());
      }
    },
    /** Minutes after the beginning until which each waits, with the tries that it has behind it. */
    async waiting() {
      const rows = await database
        .selectFrom('letter')
        .selectAll()
        .where('state', '=', 'queued')
        .orderBy('id')
        .execute();
      return rows.map(({ address, not_before, tries }) => [address, (toMs(not_before) - toMs(now)) / minuteMs, tries]);
    },
  };
}

describe('letters', () => {
  it('are due again two minutes after their process died, and never while it waits for the relay’s answer', async () => {
    const waited: unknown[] = [];
    const desk = await openDesk(
      () => null,
      {},
      async () => {
        waited.push(await desk.waiting());
        desk.clock.set(plusMs(now, minuteMs));
        let waiting = await desk.waiting();
        for (const end = Date.now() + 10_000; Date.now() < end && waiting[0]?.[1] === 2; ) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          waiting = await desk.waiting();
        }
        waited.push(waiting);
      },
    );
    await desk.post('ana@example.com');
    await desk.sendDue();
    expect(waited).toEqual([[['ana@example.com', 2, 0]], [['ana@example.com', 3, 0]]]);
    expect(desk.sink.accepted).toHaveLength(1);
    expect(await desk.waiting()).toEqual([]);
  });

  it('wait for a domain that refuses the sender by their own schedule, and nobody else does', async () => {
    let refuses = true;
    const desk = await openDesk(({ phase, to }) =>
      refuses && phase === 'rcpt' && to.endsWith('@shut.test')
        ? { answer: `550 5.7.1 ${to} blocked by our policy` }
        : null,
    );
    await desk.post('first@shut.test', 'second@shut.test', 'third@open.test');
    await desk.sendDue();
    expect(desk.sink.accepted.map(({ to }) => to)).toEqual(['third@open.test']);
    expect(desk.closed).toEqual([`shut.test until ${plusMs(now, 15 * minuteMs)}`]);
    expect(await desk.waiting()).toEqual([['second@shut.test', 1, 1]]);
    expect(desk.lines.join()).toMatch(/\(an address\) blocked by our policy/);
    expect(desk.lines.join()).not.toContain('@');
    refuses = false;
    for (const [minute, next, tries] of [
      [1, 6, 2],
      [6, 21, 3],
    ] as const) {
      desk.clock.set(plusMs(now, minute * minuteMs));
      await desk.sendDue();
      expect(await desk.waiting()).toEqual([['second@shut.test', next, tries]]);
    }
    desk.clock.set(plusMs(now, 21 * minuteMs));
    await desk.sendDue();
    expect(desk.sink.accepted.map(({ to }) => to)).toEqual(['third@open.test', 'second@shut.test']);
  });

  it('keep a relay’s pace together with an edition, and wait for no more of it than a second’s mail', async () => {
    const desk = await openDesk(() => null, { perSecond: 1 });
    await desk.edition.reserve('', toMs(now));
    await desk.post('ann@courier.test', 'ben@courier.test');
    await desk.sendDue();
    expect(desk.sink.accepted).toEqual([]);
    expect(await desk.waiting()).toMatchObject([
      ['ann@courier.test', 1 / 60, 0],
      ['ben@courier.test', 1 / 60, 0],
    ]);
    // Asked for after the letter, so behind it.
    await desk.edition.reserve('', toMs(now));
    expect(desk.edition.relay(toMs(now))).toEqual({ kind: 'wait', ms: 2000 });
    desk.clock.set(plusMs(now, 1000));
    await desk.sendDue();
    expect(desk.sink.accepted.map(({ to }) => to)).toEqual(['ann@courier.test']);
    desk.clock.set(plusMs(now, 3000));
    await desk.sendDue();
    expect(desk.sink.accepted.map(({ to }) => to)).toEqual(['ann@courier.test', 'ben@courier.test']);
  });

  it('to a domain with a pace of its own keep no others back', async () => {
    const desk = await openDesk(() => null, { perDomain: { 'slow.test': 1 / 60 } });
    await desk.post('one@slow.test', 'two@slow.test', 'three@quick.test');
    await desk.sendDue();
    expect(desk.sink.accepted.map(({ to }) => to)).toEqual(['one@slow.test', 'three@quick.test']);
    expect(await desk.waiting()).toEqual([['two@slow.test', 1, 0]]);
  });

  it('learn from what an edition was told before', async () => {
    const desk = await openDesk(() => null);
    await desk.edition.load(toMs(now));
    desk.edition.enter('shut.test', toMs(now));
    await desk.edition.leave('shut.test', toMs(now), 'our_reputation', toMs(now));
    await desk.post('ann@shut.test');
    await desk.sendDue();
    expect(desk.sink.received).toEqual([]);
    expect(await desk.waiting()).toEqual([['ann@shut.test', 1, 1]]);
  });
});
