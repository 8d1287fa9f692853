import { Worker } from 'node:worker_threads';
import type { Instant } from '../clock.ts';
import type { ClaimedDelivery, ClaimRequest, LedgerEntry } from '../delivery/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { ownModule } from '../own-files.ts';
import type { AttemptDesk } from './attempt-desk.ts';
import { type Database, placeOf, turnOf } from './database.ts';

/** What the thread is asked. */
export type AttemptOrder =
  | { readonly number: number; readonly kind: 'claim'; readonly request: ClaimRequest }
  | {
      readonly number: number;
      readonly kind: 'commit';
      readonly entries: readonly LedgerEntry[];
      readonly now: Instant;
    }
  /** Has no answer but the end of the thread. */
  | { readonly number: number; readonly kind: 'close' };

type Made = readonly ClaimedDelivery[] | readonly boolean[];

/** What it answers; `made` is what the order's kind makes. */
export type AttemptAnswer =
  | { readonly number: number; readonly made: Made }
  | { readonly number: number; readonly fault: string };

/** The desk in a thread of its own, with a connection of its own. */
export interface AttemptThread extends AttemptDesk {
  close(): Promise<void>;
}

/**
 * Does the writing that each message needs in a thread beside the one that sends: while one transaction is on its way to
 * the disk, messages go out, and what they leave to be written gathers for the next one. The thread begins with the first
 * order, and keeps nobody from ending who waits for nothing of it.
 *
 * What fails in it, and its end, is the fault of whoever waits for it.
 */
export function createAttemptThread(database: Database): AttemptThread {
  let hand: Hand | null = null;
  const order: Hand['order'] = (asked) => {
    hand ??= hire(database);
    return hand.order(asked);
  };
  return {
    // The thread makes what the order's kind says.
    claim: (request) => order({ kind: 'claim', request }) as Promise<ClaimedDelivery[]>,
    commit: (entries, now) => order({ kind: 'commit', entries, now }) as Promise<boolean[]>,
    async close() {
      await hand?.close();
      hand = null;
    },
  };
}

type Asked = AttemptOrder extends infer Order
  ? Order extends { readonly number: number }
    ? Omit<Order, 'number'>
    : never
  : never;

interface Hand {
  order(asked: Asked): Promise<Made>;
  close(): Promise<void>;
}

const entry = ownModule('storage/attempt-thread-entry');

function hire(database: Database): Hand {
  const worker = new Worker(entry, { workerData: placeOf(database) });
  worker.unref();
  const waiting = new Map<number, { resolve(made: Made): void; reject(error: Error): void }>();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let orders = 0;
  let ended: AppError | null = null;

  worker.on('message', (answer: AttemptAnswer) => {
    const order = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (waiting.size === 0) worker.unref();
    if ('made' in answer) order?.resolve(answer.made);
    else order?.reject(new AppError('internal', answer.fault));
  });
  worker.on('error', (error) => end(`The ledger’s thread died: ${sentenceOf(error)}`));
  worker.on('exit', () => end('The ledger’s thread has ended.'));

  function end(why: string): void {
    ended ??= new AppError('internal', why);
    turnOf(database).passFor(2);
    for (const order of waiting.values()) order.reject(ended);
    waiting.clear();
  }

  function order(asked: Asked): Promise<Made> {
    if (ended) return Promise.reject(ended);
    orders += 1;
    const number = orders;
    return new Promise((resolve, reject) => {
      worker.postMessage({ number, ...asked } satisfies AttemptOrder);
      if (waiting.size === 0) worker.ref();
      waiting.set(number, { resolve, reject });
    });
  }

  return {
    order,
    close() {
      if (ended) return Promise.resolve();
      void order({ kind: 'close' }).catch(() => {}); // it ends either way
      return exited;
    },
  };
}
