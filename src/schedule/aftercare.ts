import { type Clock, type Instant, plusMs } from '../clock.ts';
import { createRelayLog, type Delivery, type DeliveryLedger, type RelayTrace } from '../delivery/index.ts';
import type { Edition, Newsletter } from '../digest/index.ts';
import { AppError } from '../errors.ts';

/** What a person says of a delivery in doubt: the relay has taken it, or it hasn't (or the reader may get it twice). */
export type DoubtWord = 'accept' | 'resend';

/** What a relay's log said of a delivery in doubt. */
export interface SettledByLog extends Pick<RelayTrace, 'truth' | 'line'> {
  readonly delivery: Delivery;
}

/** What people do once an edition went out: what readers didn't get, and what nobody knows. */
export interface Aftercare {
  /** Notes what was withdrawn since an edition went out: those whose copy holds it aren't counted as missing afterwards. */
  noteWithdrawn(edition: Edition): Promise<void>;
  /**
   * Sends an edition again to whom `DeliveryLedger.countMissing` counts; returns to how many. One that is paused stays so.
   *
   * @throws AppError `conflict` where it never went out, or another edition of its newsletter is open.
   */
  retryMissing(edition: Edition): Promise<number>;
  /**
   * Settles one in doubt on a person's word.
   *
   * @throws AppError `not_found` where the edition has no such delivery in doubt, `conflict` where it can't be sent again.
   */
  settle(edition: Edition, deliveryId: number, word: DoubtWord): Promise<void>;
  /** The same for all in doubt; returns how many were settled. */
  settleAll(edition: Edition, word: DoubtWord): Promise<number>;
  /** Settles those that a relay's log tells of; `left`: how many it says nothing of. */
  settleByLog(
    edition: Edition,
    lines: AsyncIterable<string> | Iterable<string>,
  ): Promise<{ readonly settled: readonly SettledByLog[]; readonly left: number }>;
}

export interface AftercareOptions {
  readonly ledger: Pick<DeliveryLedger, 'listDeliveries' | 'settleDoubt' | 'retryMissing'>;
  /** Nobody else looks for what was withdrawn of an edition that is over. */
  readonly heedWithdrawals: (editionId: string) => Promise<void>;
  readonly newsletters: readonly Newsletter[];
  readonly clock: Clock;
}

/** Of a newsletter that is no longer configured. */
const usualExpiryMs = 48 * 3_600_000;

const replies: Readonly<Record<DoubtWord, string>> = {
  accept: 'accepted on an operator’s word',
  resend: 'sent again on an operator’s word',
};

export function createAftercare({ ledger, heedWithdrawals, newsletters, clock }: AftercareOptions): Aftercare {
  function expiryOf(edition: Edition, now: Instant): Instant {
    const newsletter = newsletters.find(({ name }) => name === edition.newsletter);
    return plusMs(now, newsletter?.expiresMs ?? usualExpiryMs);
  }

  function write(
    edition: Edition,
    deliveryId: number,
    truth: 'sent' | 'queued' | 'failed',
    reply: string,
  ): Promise<boolean> {
    const now = clock.now();
    return ledger.settleDoubt({
      editionId: edition.id,
      deliveryId,
      truth,
      reply,
      expiresAt: expiryOf(edition, now),
      now,
    });
  }

  const say = (edition: Edition, deliveryId: number, word: DoubtWord): Promise<boolean> =>
    write(edition, deliveryId, word === 'accept' ? 'sent' : 'queued', replies[word]);

  async function listDoubtful({ id }: Edition): Promise<Delivery[]> {
    const doubtful: Delivery[] = [];
    for await (const delivery of ledger.listDeliveries(id, { states: ['in_doubt'] })) doubtful.push(delivery);
    return doubtful;
  }

  const noteWithdrawn = ({ id }: Edition): Promise<void> => heedWithdrawals(id);

  return {
    noteWithdrawn,
    async retryMissing(edition) {
      await noteWithdrawn(edition);
      const now = clock.now();
      return ledger.retryMissing(edition.id, expiryOf(edition, now), now);
    },
    async settle(edition, deliveryId, word) {
      await noteWithdrawn(edition);
      if (await say(edition, deliveryId, word)) return;
      throw new AppError('not_found', `${edition.id} has no delivery ${deliveryId} in doubt.`);
    },
    async settleAll(edition, word) {
      await noteWithdrawn(edition);
      let settled = 0;
      for (const { id } of await listDoubtful(edition)) if (await say(edition, id, word)) settled += 1;
      return settled;
    },
    async settleByLog(edition, lines) {
      await noteWithdrawn(edition);
      const doubtful = new Map<string, Delivery>();
      for (const delivery of await listDoubtful(edition)) {
        if (delivery.messageId !== null) doubtful.set(delivery.messageId, delivery);
      }
      const log = createRelayLog(new Set(doubtful.keys()));
      for await (const line of lines) log.read(line);
      const settled: SettledByLog[] = [];
      for (const { messageId, truth, line } of log.traces()) {
        const delivery = doubtful.get(messageId);
        if (!delivery) continue;
        if (await write(edition, delivery.id, truth, line)) settled.push({ delivery, truth, line });
        doubtful.delete(messageId);
      }
      return { settled, left: doubtful.size };
    },
  };
}
