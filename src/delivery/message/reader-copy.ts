import type { Instant } from '../../clock.ts';
import type { Edition } from '../../digest/index.ts';
import type { Delivery } from '../delivery.ts';
import { createMessageComposer, type MessageOptions } from './compose-message.ts';

/** Makes the message that a delivery's reader got once more; null where there was none, or the reader is erased. */
export type ReaderCopy = (edition: Edition, delivery: Delivery) => Promise<Buffer | null>;

/** People look at few mails at a time. */
const keptStencils = 20;

/**
 * From what was frozen, for somebody else to look at: its links lead to nobody's subscription, no address in it takes a
 * reader off a list, and it isn't signed.
 */
export function createReaderCopy(options: MessageOptions): ReaderCopy {
  // One for all, since it remembers what readers share; each message has the time of its own delivery.
  let sentAt: Instant | null = null;
  const compose = createMessageComposer(
    {
      ...options,
      bounceDomain: null,
      signer: async () => null,
      clock: { now: () => sentAt ?? options.clock.now() },
    },
    keptStencils,
  );
  return async (edition, { id, address, lang, variant, attempts, attemptedAt, updatedAt }) => {
    if (variant === null || address === null) return null;
    const copied = {
      deliveryId: id,
      token: '',
      leaseUntil: '',
      edition,
      subscriberId: 0,
      address,
      name: null,
      lang,
      variant,
      attempts,
    };
    const attempt = await compose(copied);
    sentAt = attemptedAt ?? updatedAt;
    const message = attempt.message(); // asks for the time at once
    return Buffer.concat(await message);
  };
}
