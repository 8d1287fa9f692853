import type { Edition } from '../digest/index.ts';
import { createMessageComposer, type MessageOptions } from './compose-message.ts';
import type { Delivery } from './delivery.ts';

/** Makes the message that a delivery's reader got once more; null where there was none, or the reader is erased. */
export type ReaderCopy = (edition: Edition, delivery: Delivery) => Promise<Buffer | null>;

/**
 * From what was frozen, for somebody else to look at: its links lead to nobody's subscription, no address in it takes a
 * reader off a list, and it isn't signed.
 */
export function createReaderCopy(options: MessageOptions): ReaderCopy {
  return async (edition, { id, address, lang, variant, attempts, attemptedAt, updatedAt }) => {
    if (variant === null || address === null) return null;
    const compose = createMessageComposer({
      ...options,
      bounceDomain: null,
      signer: async () => null,
      clock: { now: () => attemptedAt ?? updatedAt },
    });
    const copied = {
      deliveryId: id,
      token: '',
      edition,
      subscriberId: 0,
      address,
      name: null,
      lang,
      variant,
      attempts,
    };
    const attempt = await compose(copied);
    return Buffer.concat(await attempt.message());
  };
}
