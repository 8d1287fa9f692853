import { describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import type { Edition } from '../../src/digest/index.ts';
import { type Aftercare, createAftercare, createWithdrawals } from '../../src/schedule/index.ts';
import { addKeyedReaders, openBounceRoom, sendWeekly, type TestBounceRoom } from '../support/bounce-room.ts';
import { collect, workerOn } from '../support/mailing.ts';

async function allInDoubt(
  withdrawn: readonly { id: string; lang: string }[] = [],
): Promise<{ room: TestBounceRoom; aftercare: Aftercare; edition: Edition; ids: number[] }> {
  const room = await openBounceRoom();
  await addKeyedReaders(room, ['ana@example.com', 'bea@example.com', 'cy@example.com']);
  const deliveries = await sendWeekly(room, { kind: 'in_doubt' });
  const edition = await room.editions.findEdition(deliveries[0]?.editionId ?? '');
  if (!edition) throw new Error('nothing was sent');
  const heedWithdrawals = createWithdrawals({
    ledger: room.ledger,
    published: () => ({ withdrawn }),
    clock: room.clock,
    tell: async () => {},
  });
  const aftercare = createAftercare({ ledger: room.ledger, heedWithdrawals, newsletters: [], clock: room.clock });
  return { room, aftercare, edition, ids: deliveries.map(({ id }) => id) };
}

describe('createAftercare', () => {
  it('settles one in doubt by a word, once', async () => {
    const { room, aftercare, edition, ids } = await allInDoubt();
    const [first = 0] = ids;
    await aftercare.settle(edition, first, 'accept');
    await expect(aftercare.settle(edition, first, 'resend')).rejects.toThrow(`no delivery ${first} in doubt`);
    expect(await room.editions.getCounts(edition.id)).toMatchObject({ sent: 1, in_doubt: 2 });
  });

  it('settles all at once; those sent again open the edition until its time is over', async () => {
    const { room, aftercare, edition, ids } = await allInDoubt();
    await aftercare.settle(edition, ids[0] ?? 0, 'accept');
    expect(await aftercare.settleAll(edition, 'resend')).toBe(2);
    expect(await aftercare.settleAll(edition, 'resend')).toBe(0);
    expect(await room.editions.getCounts(edition.id)).toMatchObject({ sent: 1, queued: 2, in_doubt: 0 });
    expect(await room.editions.findEdition(edition.id)).toMatchObject({
      state: 'sending',
      expiresAt: plusMs(room.clock.now(), 48 * 3_600_000),
    });
  });

  it('sends nobody what was withdrawn since the edition went out', async () => {
    const { room, aftercare, edition, ids } = await allInDoubt([
      { id: 'armenia', lang: 'en' },
      { id: 'georgia', lang: 'en' },
    ]);
    const [first = 0, second = 0, third = 0] = ids;
    const failed = `{"eventType":"Reject","mail":{"messageId":"<${first}@dispatch.example>"}}`;
    expect((await aftercare.settleByLog(edition, [failed])).settled).toMatchObject([{ truth: 'failed' }]);
    await aftercare.settle(edition, second, 'accept');
    await aftercare.settle(edition, third, 'resend');
    expect(await aftercare.retryMissing(edition)).toBe(0);
    const begun: unknown[] = [];
    await workerOn(room, {
      name: 'outbox',
      async run(source, signal) {
        for (let next = await source.next(signal); next !== null; next = await source.next(signal)) {
          if (await source.begin(next)) begun.push(next);
          await source.settle([{ kind: 'stopped', attempt: next }]);
        }
      },
      async close() {},
    }).runUntilIdle(edition.id);
    expect(begun).toEqual([]);
    const states = (await collect(room.ledger.listDeliveries(edition.id))).map(({ state, reason }) => [state, reason]);
    expect(states).toEqual([
      ['failed', null],
      ['sent', null],
      ['cancelled', 'article_withdrawn'],
    ]);
  });

  it('settles by a relay’s log what it tells of, and counts the rest', async () => {
    const { room, aftercare, edition, ids } = await allInDoubt();
    const [first, second] = ids;
    const { settled, left } = await aftercare.settleByLog(edition, [
      `postfix/cleanup[7]: 4Sg1: message-id=<${first}@dispatch.example>`,
      'postfix/smtp[9]: 4Sg1: to=<ana@example.com>, status=sent (250 ok)',
      `{"eventType":"Reject","mail":{"messageId":"<${second}@dispatch.example>"}}`,
    ]);
    expect(settled.map(({ delivery, truth }) => [delivery.id, truth])).toEqual([
      [first, 'sent'],
      [second, 'failed'],
    ]);
    expect(left).toBe(1);
    const states = (await collect(room.ledger.listDeliveries(edition.id))).map(({ state }) => state);
    expect(states).toEqual(['sent', 'failed', 'in_doubt']);
  });
});
