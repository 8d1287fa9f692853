import { onTestFinished } from 'vitest';
import { type Clock, plusMs } from '../../src/clock.ts';
import {
  type ArrivalStore,
  type BounceDesk,
  type ClaimedDelivery,
  createBounceDesk,
  createMailTokens,
  type Delivery,
  type LedgerEntry,
  type ReplyClass,
  type TokenSubject,
} from '../../src/delivery/index.ts';
import { silentLog } from '../../src/log.ts';
import { createArrivalStore, createSubscriberStore } from '../../src/storage/index.ts';
import { addressKey, deliveryKey, type Keys, openKeys, type SubscriberStore } from '../../src/subscribers/index.ts';
import { bounceMailAbout } from './bounce-mail.ts';
import { fixedClock } from './fixed-clock.ts';
import { addReaders, collect, freezeWeekly, type MailRoom, openMailRoom } from './mailing.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A database with readers, editions and a desk for what comes back; gone when the running test ends. */
export interface TestBounceRoom extends MailRoom {
  readonly folder: string;
  readonly keys: Keys;
  readonly arrivals: ArrivalStore;
  readonly subscribers: SubscriberStore;
  readonly desk: BounceDesk;
  readonly clock: Clock & { set(instant: string): void };
}

export async function openBounceRoom(now = '2026-11-27T03:00:00.000Z'): Promise<TestBounceRoom> {
  const { path: folder } = await temporaryFolder();
  const room = await openMailRoom(folder);
  onTestFinished(() => room.close());
  const keys = await openKeys(folder);
  const arrivals = createArrivalStore(room.database, keys, createMailTokens(deliveryKey(keys)));
  const clock = fixedClock(now);
  return {
    ...room,
    folder,
    keys,
    arrivals,
    subscribers: createSubscriberStore(room.database, keys),
    desk: createBounceDesk({ store: arrivals, clock, log: silentLog }),
    clock,
  };
}

/** Readers whose addresses have the hashes that the program would give them. */
export async function addKeyedReaders(room: TestBounceRoom, emails: readonly string[]): Promise<number[]> {
  const ids = await addReaders(
    room,
    emails.map((email) => ({ email })),
  );
  for (const [index, id] of ids.entries()) {
    await room.database
      .updateTable('subscriber')
      .set({ address_key: addressKey(room.keys, emails[index] ?? '') })
      .where('id', '=', id)
      .execute();
  }
  return ids;
}

/** Sends an edition now, to every reader, with this answer for all; returns its deliveries. */
export async function sendWeekly(
  room: TestBounceRoom,
  answer: {
    kind: 'sent' | 'failed' | 'deferred' | 'in_doubt';
    class?: ReplyClass;
    reply?: string;
    phase?: 'mail' | 'rcpt';
  } = {
    kind: 'sent',
  },
): Promise<Delivery[]> {
  const now = room.clock.now();
  const { id } = await freezeWeekly(room, { now });
  const claimed = await room.ledger.claim({
    worker: 'worker',
    transport: 'outbox',
    limit: 1000,
    now,
    leaseUntil: plusMs(now, 60_000),
    editionId: id,
  });
  const entries = claimed.flatMap((delivery) => entriesOf(delivery, answer, now));
  await room.ledger.commit(entries, now);
  await room.ledger.finishEditions('outbox', plusMs(now, answer.kind === 'deferred' ? 3 * 86_400_000 : 0));
  return collect(room.ledger.listDeliveries(id));
}

/** What a relay's answer to a claimed delivery comes to in the ledger. */
export function entriesOf(
  { deliveryId, token }: ClaimedDelivery,
  answer: Parameters<typeof sendWeekly>[1] & object,
  now: string,
): LedgerEntry[] {
  const { kind, class: replyClass = null, reply = '250 2.0.0 Ok: queued as 4Sg1pX0Kjzz3x', phase = 'rcpt' } = answer;
  const result = { deliveryId, token, reply, phase, class: replyClass };
  const begin: LedgerEntry = { kind: 'begin', deliveryId, token, messageId: `<${deliveryId}@dispatch.example>` };
  switch (kind) {
    case 'sent':
    case 'in_doubt':
      return [begin, { ...result, kind, phase: 'final_dot' }];
    case 'failed':
      return [{ ...result, kind, reason: 'rejected' }];
    case 'deferred':
      return [{ ...result, kind, notBefore: plusMs(now, 300_000) }];
    default:
      return kind satisfies never;
  }
}

export function subjectOf({ id, editionId, address }: Delivery): TokenSubject {
  return { deliveryId: id, editionId, address: address ?? '' };
}

/** A report of the corpus about a delivery, taken in and handled. */
export async function bringBack(room: TestBounceRoom, name: string, delivery: Delivery): Promise<void> {
  await room.desk.take('mail', bounceMailAbout(name, deliveryKey(room.keys), subjectOf(delivery)));
  await room.desk.handleOpen();
}

/** What became of each delivery and each reader, in few words. */
export async function standing(room: TestBounceRoom, email: string): Promise<string> {
  const found = await room.subscribers.findByEmail(email);
  const [suppression] = (await collect(room.subscribers.listSuppressions())).filter((one) => one.email === email);
  return suppression === undefined ? (found?.subscriber.state ?? 'unknown') : `suppressed ${suppression.reason}`;
}
