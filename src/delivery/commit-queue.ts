import type { Clock } from '../clock.ts';
import type { DeliveryLedger, LedgerEntry } from './delivery-ledger.ts';

interface Waiting {
  readonly entry: LedgerEntry;
  readonly resolve: (took: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages that were taken, and whose results no begin takes along, are written down after this. */
const resultWaitMs = 5;
/** Turns of the event loop that what is urgent waits for more at most. */
const mostTurns = 8;

/** Groups what all connections have to write into few transactions. */
export interface CommitQueue {
  /** Resolves with whether the entry took, once it is durable; rejects, as all later ones do, when a commit failed. */
  write(entry: LedgerEntry): Promise<boolean>;
}

/**
 * A begin is written once a turn of the event loop brings no further one, and so is an answer that may slow a domain or
 * stop an edition. That a message was taken waits for the next of these, for a short time: rows turn to `attempting` only
 * in transactions that write every result at hand, so what a crash leaves in doubt doesn't grow by the waiting.
 *
 * `onFailure` is told once, before any writer is: whoever waits for a begin then releases nothing, and the worker ends.
 */
export function createCommitQueue(
  ledger: Pick<DeliveryLedger, 'commit'>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): CommitQueue {
  let waiting: Waiting[] = [];
  let urgent = 0;
  let isScheduled = false;
  let late: NodeJS.Timeout | null = null;
  let failure: { readonly error: unknown } | null = null;

  async function flush(): Promise<void> {
    const batch = waiting;
    waiting = [];
    urgent = 0;
    if (late !== null) clearTimeout(late);
    late = null;
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
    if (urgent > 0) scheduleUrgent();
    else if (waiting.length > 0) scheduleTaken();
  }

  function scheduleUrgent(): void {
    if (isScheduled) return;
    isScheduled = true;
    let known = 0;
    let turns = 0;
    const look = (): void => {
      turns += 1;
      if (urgent === known || turns > mostTurns) void flush();
      else {
        known = urgent;
        setImmediate(look);
      }
    };
    setImmediate(look);
  }

  function scheduleTaken(): void {
    late ??= setTimeout(scheduleUrgent, resultWaitMs);
  }

  return {
    write: (entry) =>
      new Promise((resolve, reject) => {
        if (failure) {
          reject(failure.error);
          return;
        }
        waiting.push({ entry, resolve, reject });
        if (entry.kind !== 'sent') {
          urgent += 1;
          scheduleUrgent();
        } else if (!isScheduled) scheduleTaken();
      }),
  };
}
