import type { Clock } from '../clock.ts';
import type { DeliveryLedger, LedgerEntry } from './delivery-ledger.ts';

interface Waiting {
  readonly entry: LedgerEntry;
  readonly resolve: (took: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages that were taken, and whose results no begin takes along, are written down after this. */
const resultWaitMs = 5;
/** Turns, of the event loop or of a millisecond, that what is urgent waits for more at most. */
const mostTurns = 8;
/** From a commit of this length on, another one costs more than a millisecond's wait for those who would need it. */
const slowMs = 2;
const turnMs = 1;

/** Groups what all connections have to write into few transactions. */
export interface CommitQueue {
  /** Resolves with whether the entry took, once it is durable; rejects, as all later ones do, when a commit failed. */
  write(entry: LedgerEntry): Promise<boolean>;
}

/**
 * A begin is written once a turn of the event loop brings no further one, and so is an answer that may slow a domain or
 * stop an edition; where the disk is slow, once a millisecond brings none, unless all who lately had something to write
 * have come already. That a message was taken waits for the next of these, for a short time: rows turn to `attempting` only
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
  /** How long commits take, of late. */
  let commitMs = 0;
  /** How many had something urgent to write at the same time, of late. */
  let most = 0;

  async function flush(): Promise<void> {
    const batch = waiting;
    const began = { at: performance.now(), urgent };
    waiting = [];
    urgent = 0;
    if (late !== null) clearTimeout(late);
    late = null;
    try {
      const took = await ledger.commit(
        batch.map(({ entry }) => entry),
        clock.now(),
      );
      commitMs += (performance.now() - began.at - commitMs) / 8;
      most = Math.max(began.urgent + urgent, most - 1);
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
      if (urgent === known || urgent >= most || turns > mostTurns) void flush();
      else {
        known = urgent;
        nextTurn(look);
      }
    };
    nextTurn(look);
  }

  function nextTurn(look: () => void): void {
    if (commitMs < slowMs || urgent >= most) setImmediate(look);
    else setTimeout(look, turnMs);
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
