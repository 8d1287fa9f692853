import type { Clock } from '../clock.ts';
import type { SubscriberStore } from './subscriber-store.ts';

/** Where a reader's address is kept. */
export interface EraserTools {
  readonly store: Pick<SubscriberStore, 'erase'>;
  /** Removes every copy of a mail to the address; returns how many there were. */
  readonly eraseMails: (address: string) => Promise<number>;
  readonly clock: Clock;
}

export interface ErasedReader {
  /** Mails that were still to go, and copies of mails that are gone. */
  readonly cancelled: number;
  readonly mails: number;
}

export interface EraseOptions {
  /** The reader wants no mail at this address ever: its keyed hash stays. One that is suppressed stays so anyhow. */
  readonly keepOut: boolean;
}

/** Forgets who a reader is, for good; null where there is nobody to forget. Safe to repeat. */
export type EraseReader = (subscriberId: number, options: EraseOptions) => Promise<ErasedReader | null>;

export function createEraseReader({ store, eraseMails, clock }: EraserTools): EraseReader {
  return async (subscriberId, options) => {
    const erasure = await store.erase(subscriberId, options, clock.now());
    if (erasure === null) return null;
    let mails = 0;
    for (const address of erasure.addresses) mails += await eraseMails(address);
    return { cancelled: erasure.cancelled, mails };
  };
}
