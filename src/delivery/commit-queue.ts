import type { Clock } from '../clock.ts';
import type { DeliveryLedger, LedgerEntry } from './delivery-ledger.ts';

interface Waiting {
  readonly entry: LedgerEntry;
  readonly resolve: (took: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Groups what all connections have to write into one transaction a tick. */
export interface CommitQueue {
  /** Resolves with whether the entry took, once it is durable; rejects, as all later ones do, when a commit failed. */
  write(entry: LedgerEntry): Promise<boolean>;
}

/**
 * `onFailure` is told once, before any writer is: whoever waits for a begin then releases nothing, and the worker ends.
 */
export function createCommitQueue(
  ledger: Pick<DeliveryLedger, 'commit'>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): CommitQueue {
  let waiting: Waiting[] = [];
  let isScheduled = false;
  let failure: { readonly error: unknown } | null = null;

  async function flush(): Promise<void> {
    const batch = waiting;
    waiting = [];
    try {
      const took = await ledger.commit(
        batch.map(({ entry }) => entry),
        clock.now(),
      );
      batch.forEach(({ resolve }, index) => {
        resolve(took[index] ?? false);
      });
    } catch (error) {
      failure ??= { error };
      onFailure(error);
      for (const { reject } of [...batch, ...waiting]) reject(error);
      waiting = [];
    }
    isScheduled = false;
    if (waiting.length > 0) schedule();
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => void flush());
  }

  return {
    write: (entry) =>
      new Promise((resolve, reject) => {
        if (failure) {
          reject(failure.error);
          return;
        }
        waiting.push({ entry, resolve, reject });
        schedule();
      }),
  };
}
