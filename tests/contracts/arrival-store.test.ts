import { describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import { createBounceDesk, createMailTokens, type Delivery, type ReplyClass } from '../../src/delivery/index.ts';
import { silentLog } from '../../src/log.ts';
import { createSubscriberStore } from '../../src/storage/index.ts';
import { addressKey, deliveryKey } from '../../src/subscribers/index.ts';
import { bounceMail, bounceMailAbout, fixtureTokens } from '../support/bounce-mail.ts';
import {
  addKeyedReaders,
  bringBack,
  entriesOf,
  openBounceRoom,
  sendWeekly,
  standing,
  type TestBounceRoom,
} from '../support/bounce-room.ts';
import { collect } from '../support/mailing.ts';
import { newReader } from '../support/reader-store.ts';

const ana = 'ana@example.com';

async function roomWithAna(): Promise<{ room: TestBounceRoom; delivery: Delivery }> {
  const room = await openBounceRoom();
  await addKeyedReaders(room, [ana]);
  return { room, delivery: await one(room) };
}

async function one(room: TestBounceRoom, answer?: Parameters<typeof sendWeekly>[1]): Promise<Delivery> {
  const [delivery] = await sendWeekly(room, answer);
  if (!delivery) throw new Error('nothing was sent');
  return delivery;
}

async function again(room: TestBounceRoom, { id, editionId }: Delivery): Promise<Delivery | undefined> {
  return (await collect(room.ledger.listDeliveries(editionId))).find((delivery) => delivery.id === id);
}

describe('ArrivalStore', () => {
  it('keeps the same bytes once, whichever way they come', async () => {
    const { room } = await roomWithAna();
    const raw = bounceMail('qmail');
    expect(await room.desk.take('mail', raw)).toBe('added');
    expect(await room.desk.take('imap', raw)).toBe('known');
    expect(await room.desk.handleOpen()).toBe(1);
    expect(await room.desk.handleOpen()).toBe(0);
    expect(await room.desk.take('mail', raw)).toBe('known');
    const [kept] = await room.arrivals.listArrivals({ states: ['ignored'], limit: 10 });
    expect(kept).toMatchObject({ source: 'mail', kind: 'bounce', bytes: raw.length });
    expect(await room.arrivals.findRaw(kept?.id ?? 0)).toEqual(raw);
  });

  it('lets a forged token change nothing', async () => {
    const { room, delivery } = await roomWithAna();
    await room.desk.take('mail', bounceMail('postfix-unknown-user'));
    await room.desk.take('mail', bounceMail('arf-abuse'));
    await room.desk.take('mail', bounceMail('leave'));
    await room.desk.handleOpen();
    expect(await standing(room, ana)).toBe('active');
    expect(await again(room, delivery)).toMatchObject({ state: 'sent', outcome: 'accepted' });
  });

  it('takes a Message-ID for no proof of a report: it stands in every answer and archive', async () => {
    const { room, delivery } = await roomWithAna();
    const messageId = createMailTokens(deliveryKey(room.keys)).create('message', {
      deliveryId: delivery.id,
      editionId: delivery.editionId,
      address: ana,
    });
    for (const name of ['postfix-unknown-user', 'exim-text']) {
      const text = `${bounceMail(name)}\r\nMessage-ID: <${messageId}@example.com>\r\n`;
      await room.desk.take('mail', Buffer.from(text.replaceAll(fixtureTokens.message, messageId)));
    }
    expect(await room.desk.handleOpen()).toBe(2);
    expect(await standing(room, ana)).toBe('active');
    expect(await again(room, delivery)).toMatchObject({ state: 'sent', outcome: 'accepted' });
  });

  it('says of a report that repeats another that it is no news', async () => {
    const { room, delivery } = await roomWithAna();
    const news: boolean[] = [];
    const desk = createBounceDesk({
      store: room.arrivals,
      clock: room.clock,
      log: silentLog,
      onApplied: async ({ deliveries }) => void news.push(...deliveries.map(({ isNews }) => isNews)),
    });
    const subject = { deliveryId: delivery.id, editionId: delivery.editionId, address: ana };
    const report = bounceMailAbout('postfix-unknown-user', deliveryKey(room.keys), subject);
    await desk.take('mail', report);
    await desk.take('mail', Buffer.concat([report, Buffer.from('\r\n')]));
    await desk.handleOpen();
    expect(news).toEqual([true, false]);
  });

  it('suppresses an address that is gone, and says what came back', async () => {
    const { room, delivery } = await roomWithAna();
    expect(delivery).toMatchObject({ state: 'sent', outcome: 'accepted' });
    await bringBack(room, 'postfix-unknown-user', delivery);
    expect(await standing(room, ana)).toBe('suppressed address_gone');
    expect(await again(room, delivery)).toMatchObject({ state: 'sent', outcome: 'bounced' });
    const [arrival] = await room.arrivals.listArrivals({ states: ['handled'], limit: 1 });
    expect(arrival?.note).toBe(
      `Delivery ${delivery.id} came back (address gone): the address gets no mail from now on.`,
    );
  });

  it.each([
    'gmail-no-account',
    'exchange-not-found',
    'exim-text',
    'exim-dsn',
    'qmail',
    'ses-bounce',
    'vague-status',
    'outlook-nested',
  ])('understands %s alike', async (name) => {
    const { room, delivery } = await roomWithAna();
    await bringBack(room, name, delivery);
    expect(await standing(room, ana)).toBe('suppressed address_gone');
  });

  it.each([
    'postfix-delayed',
    'exim-delay',
    'outlook-reputation',
    'vacation-russian',
    'vacation-persian',
    'vacation-outlook',
    'vacation-postmaster',
    'read-receipt',
    'arf-not-spam',
    'arf-auth-failure',
    'reply',
    'delivered',
    'postfix-mailbox-full',
    'appliance',
    'postfix-no-domain',
  ])('holds nothing against the reader after one %s', async (name) => {
    const { room, delivery } = await roomWithAna();
    await bringBack(room, name, delivery);
    expect(await standing(room, ana)).toBe('active');
  });

  it.each(['arf-abuse', 'arf-redacted', 'arf-message-id', 'arf-unknown-type', 'hotmail-complaint'])(
    'suppresses at once after %s',
    async (name) => {
      const { room, delivery } = await roomWithAna();
      await bringBack(room, name, delivery);
      expect(await standing(room, ana)).toBe('suppressed complaint');
      expect(await again(room, delivery)).toMatchObject({ outcome: 'complained' });
      expect(await room.subscribers.liftSuppression(ana)).toBe('complaint');
    },
  );

  it('says of a complaint that only its Message-ID ties it to the delivery', async () => {
    const { room, delivery } = await roomWithAna();
    await bringBack(room, 'arf-redacted', delivery);
    await bringBack(room, 'arf-message-id', delivery);
    const [byMessageId, byToken] = await room.arrivals.listArrivals({ states: ['handled'], limit: 2 });
    expect(byMessageId?.note).toBe('A complaint, by the Message-ID alone: the address gets no mail from now on.');
    expect(byToken?.note).toBe('A complaint: the address gets no mail from now on.');
  });

  it('lets a complaint outweigh what was known before', async () => {
    const { room, delivery } = await roomWithAna();
    await bringBack(room, 'qmail', delivery);
    await bringBack(room, 'arf-abuse', delivery);
    await bringBack(room, 'postfix-unknown-user', delivery);
    expect(await standing(room, ana)).toBe('suppressed complaint');
    expect(await again(room, delivery)).toMatchObject({ outcome: 'complained' });
  });

  it('leaves the newsletter by mail', async () => {
    const { room, delivery } = await roomWithAna();
    await bringBack(room, 'leave', delivery);
    const found = await room.subscribers.findByEmail(ana);
    expect(found?.subscriptions).toMatchObject([{ newsletter: 'weekly', state: 'left', source: 'mail' }]);
    expect(await standing(room, ana)).toBe('active');
  });

  it('settles a delivery in doubt: the relay had taken it', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    const doubtful = await one(room, { kind: 'in_doubt', reply: 'connection lost' });
    expect(doubtful.state).toBe('in_doubt');
    await bringBack(room, 'postfix-mailbox-full', doubtful);
    expect(await again(room, doubtful)).toMatchObject({ state: 'sent', reason: null, outcome: 'bounced' });
    expect(await room.editions.getCounts(doubtful.editionId)).toMatchObject({ sent: 1, in_doubt: 0 });
  });

  describe('after an edition in doubt was sent again to the reader’s new address', () => {
    const [oldAddress, newAddress] = ['ana.old@example.com', 'ana.new@example.com'];

    async function roomWithTwoCopies(): Promise<{ room: TestBounceRoom; first: Delivery; second: Delivery }> {
      const room = await openBounceRoom();
      const [reader] = await addKeyedReaders(room, [oldAddress]);
      const first = await one(room, { kind: 'in_doubt', reply: 'connection lost' });
      await room.database
        .updateTable('subscriber')
        .set({ email: newAddress, address_key: addressKey(room.keys, newAddress) })
        .where('id', '=', reader ?? 0)
        .execute();
      const now = room.clock.now();
      const { id: deliveryId, editionId } = first;
      const settled = {
        editionId,
        deliveryId,
        truth: 'queued',
        reply: 'sent again',
        now,
        expiresAt: plusMs(now, 3_600_000),
      } as const;
      await room.ledger.settleDoubt(settled);
      const leased = {
        worker: 'worker',
        transport: 'outbox',
        editionId,
        limit: 1,
        now,
        leaseUntil: plusMs(now, 60_000),
      };
      for (const delivery of await room.ledger.claim(leased)) {
        await room.ledger.commit(entriesOf(delivery, { kind: 'sent' }, now), now);
      }
      const second = await again(room, first);
      expect(second).toMatchObject({ id: first.id, state: 'sent', address: newAddress });
      return { room, first, second: second ?? first };
    }

    it.each(['postfix-unknown-user', 'exchange-not-found', 'qmail'])(
      'holds %s of the first copy against the address that it went to',
      async (name) => {
        const { room, first } = await roomWithTwoCopies();
        await bringBack(room, name, first);
        expect(await standing(room, newAddress)).toBe('active');
        expect(await again(room, first)).toMatchObject({ state: 'sent', outcome: 'accepted' });
        expect(await room.subscribers.liftSuppression(oldAddress)).toBe('lifted');
        const [arrival] = await room.arrivals.listArrivals({ states: ['handled'], limit: 1 });
        expect(arrival?.note).toBe(
          `Delivery ${first.id}, in the copy to an address that its reader has given up, came back: that one gets no mail from now on.`,
        );
      },
    );

    it('holds a bounce of the second copy against the new address', async () => {
      const { room, second } = await roomWithTwoCopies();
      await bringBack(room, 'postfix-unknown-user', second);
      expect(await standing(room, newAddress)).toBe('suppressed address_gone');
      expect(await room.subscribers.liftSuppression(oldAddress)).toBe('none');
    });

    it('holds a complaint about the first copy against the address that it came from', async () => {
      const { room, first } = await roomWithTwoCopies();
      await bringBack(room, 'arf-abuse', first);
      expect(await standing(room, newAddress)).toBe('active');
      expect(await room.subscribers.liftSuppression(oldAddress)).toBe('complaint');
    });

    it('lets the reader leave by the first copy', async () => {
      const { room, first } = await roomWithTwoCopies();
      await bringBack(room, 'leave', first);
      const found = await room.subscribers.findByEmail(newAddress);
      expect(found?.subscriptions).toMatchObject([{ newsletter: 'weekly', state: 'left', source: 'mail' }]);
    });
  });

  it('keeps what isn’t understood, and looks again when asked', async () => {
    const { room } = await roomWithAna();
    await room.desk.take('mail', bounceMail('malformed-server-prose'));
    await room.desk.handleOpen();
    const [kept] = await room.arrivals.listArrivals({ states: ['quarantined'], limit: 10 });
    expect(kept?.note).toMatch(/no report in any known form/);
    expect(await room.desk.handleOpen()).toBe(0);
    expect(await room.arrivals.listOpen(2, 0, 10)).toHaveLength(1);
    expect(await room.arrivals.countQuarantined()).toBe(1);
    expect(await room.arrivals.retryQuarantined()).toBe(1);
    expect(await room.desk.handleOpen()).toBe(1);
  });
});

/** An edition a week, each answered so; then where the reader stands. */
async function weeks(
  room: TestBounceRoom,
  answers: readonly (string | Parameters<typeof sendWeekly>[1])[],
  everyDays = 4,
): Promise<void> {
  for (const [index, answer] of answers.entries()) {
    room.clock.set(new Date(Date.UTC(2026, 10, 1 + index * everyDays, 3)).toISOString());
    const delivery = await one(room, typeof answer === 'string' ? undefined : answer);
    if (typeof answer === 'string' && answer !== 'fine') await bringBack(room, answer, delivery);
  }
}

describe('a reader’s bounces', () => {
  const full = 'postfix-mailbox-full';
  const refusedFull = { kind: 'deferred', class: 'soft', reply: '452 4.2.2 Over quota' } as const;

  it('suspend after five bounce-days spread over a fortnight', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    await weeks(room, [full, full, full, full]);
    expect(await standing(room, ana)).toBe('active');
    await weeks(room, [full, full, full, full, full]);
    expect(await standing(room, ana)).toBe('suspended');
    const excluded = await one(room);
    expect(excluded).toMatchObject({ state: 'excluded', reason: 'suspended' });
  });

  it('are cleared by any success between', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    await weeks(room, [full, full, full, full, 'fine', full, full, full, full]);
    expect(await standing(room, ana)).toBe('active');
  });

  it('begin anew once an operator vouches for a reader who was suspended', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    await weeks(room, [full, full, full, full, full]);
    expect(await standing(room, ana)).toBe('suspended');
    const subscribers = createSubscriberStore(room.database, room.keys);
    await subscribers.addSubscribers([newReader(ana, { source: 'operator' })], room.clock.now());
    expect(await standing(room, ana)).toBe('active');
    await weeks(room, [full]);
    expect(await standing(room, ana)).toBe('active');
  });

  it('count however late the reports come: what was sent later proves nothing yet', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    const sent: Delivery[] = [];
    for (const day of [1, 8, 15, 22, 29]) {
      room.clock.set(new Date(Date.UTC(2026, 10, day, 3)).toISOString());
      sent.push(await one(room));
    }
    for (const delivery of sent) await bringBack(room, full, delivery);
    expect(await standing(room, ana)).toBe('suspended');
  });

  it('count alike where the relay says so at once', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    await weeks(room, [refusedFull, refusedFull, refusedFull, refusedFull]);
    expect(await standing(room, ana)).toBe('active');
    await weeks(room, ['fine', refusedFull, refusedFull, refusedFull, refusedFull, refusedFull]);
    expect(await standing(room, ana)).toBe('suspended');
  });

  it('suppress after two that say slowly gone, not after one', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    await weeks(room, ['postfix-no-domain']);
    expect(await standing(room, ana)).toBe('active');
    await weeks(room, ['fine', 'postfix-no-domain', 'fine', 'postfix-no-domain', 'postfix-no-domain']);
    expect(await standing(room, ana)).toBe('suppressed address_gone');
  });

  it('begin anew once an operator has let the address in again', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    await weeks(room, ['postfix-no-domain', 'postfix-no-domain']);
    expect(await room.subscribers.liftSuppression(ana)).toBe('lifted');
    expect(await room.subscribers.liftSuppression(ana)).toBe('none');
    await weeks(room, ['fine', 'fine', 'postfix-no-domain']);
    expect(await standing(room, ana)).toBe('active');
  });

  it('suppress at once where the relay says that nobody is there', async () => {
    const room = await openBounceRoom();
    await addKeyedReaders(room, [ana]);
    await one(room, { kind: 'failed', class: 'address_gone', reply: '550 5.1.1 No such user' });
    expect(await standing(room, ana)).toBe('suppressed address_gone');
  });

  it('never grow by the sender’s faults: 0 of 200 readers pay for them', async () => {
    const room = await openBounceRoom();
    const emails = Array.from({ length: 200 }, (_, index) => `reader${index}@example.com`);
    await addKeyedReaders(room, emails);
    const faults: readonly [ReplyClass, string, 'mail' | 'rcpt'][] = [
      ['our_reputation', '550 5.7.1 Our system has detected that this message is likely unsolicited mail.', 'rcpt'],
      ['our_protocol', '503 5.5.1 Bad sequence of commands', 'mail'],
      ['our_reputation', '554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org', 'rcpt'],
      ['slow_down', '421 4.7.28 Our system has detected an unusual rate of mail', 'rcpt'],
      ['soft', '451 4.3.0 Local error', 'mail'],
      ['this_message', '552 5.3.4 Message too big', 'rcpt'],
    ];
    for (const [index, [of, reply, phase]] of [...faults, ...faults].entries()) {
      room.clock.set(new Date(Date.UTC(2026, 10, 1 + index * 2, 3)).toISOString());
      const deferred = of === 'soft' || of === 'slow_down';
      await sendWeekly(room, { kind: deferred ? 'deferred' : 'failed', class: of, reply, phase });
    }
    room.clock.set('2026-11-29T03:00:00.000Z');
    for (const delivery of await sendWeekly(room)) await bringBack(room, 'outlook-reputation', delivery);
    const states = await Promise.all(emails.map((email) => standing(room, email)));
    expect(states.filter((state) => state !== 'active')).toHaveLength(0);
  });
});
