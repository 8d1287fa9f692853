import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError, sentenceOf } from './errors.ts';

/** Work by kind, one item at a time. Items and results go from thread to thread: plain values and bytes only. */
export type Work = Readonly<Record<string, (item: never) => unknown>>;

type ItemOf<Job> = Job extends (item: infer Item) => unknown ? Item : never;
type ResultOf<Job> = Job extends (item: never) => infer Result ? Awaited<Result> : never;

/** Hands that share heavy work: this thread for little, as many threads as there are cores for much. */
export interface Crew<Jobs extends Work> {
  /** Results in the order of the items. Rejects with `internal` and the sentence of what the work threw. */
  map<Kind extends keyof Jobs & string>(
    kind: Kind,
    items: readonly ItemOf<Jobs[Kind]>[],
    onProgress?: (done: number) => void,
  ): Promise<ResultOf<Jobs[Kind]>[]>;
  close(): Promise<void>;
}

export interface CrewOptions<Jobs extends Work> {
  /** The work, for this thread. */
  readonly work: Jobs;
  /** A module that does the same work: it answers every {@link CrewOrder} with a {@link CrewAnswer}. */
  readonly entry: URL;
  /** Given to each thread. */
  readonly setup: unknown;
}

export interface CrewOrder {
  readonly number: number;
  readonly kind: string;
  readonly items: readonly unknown[];
}

export type CrewAnswer =
  | { readonly number: number; readonly results: readonly unknown[] }
  | { readonly number: number; readonly fault: string };

/** Below this many items of a kind a thread's start takes longer than the work. */
const worthThreads = 200;
const itemsInOrder = 32;
/** Threads without work end, and give their memory back. */
const idleMs = 2000;
/** Threads clear up more often than they would by themselves; what needs more than they have is done in this thread. */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 384 };
/** How long work in this thread may hold up whatever else it does. */
const breathMs = 10;

/** A thread ended with its order undone: it ran out of memory, or the system ended it. */
class DeadThread extends Error {}

interface Hand {
  readonly worker: Worker;
  orders: number;
}

export function createCrew<Jobs extends Work>({ work, entry, setup }: CrewOptions<Jobs>): Crew<Jobs> {
  const hands: Hand[] = [];
  const waiting = new Map<
    number,
    { readonly hand: Hand; resolve(results: readonly unknown[]): void; reject(error: Error): void }
  >();
  let orders = 0;
  let idle: NodeJS.Timeout | undefined;

  function hire(): Hand {
    const hand: Hand = { worker: new Worker(entry, { workerData: setup, resourceLimits }), orders: 0 };
    hand.worker.unref();
    hand.worker.on('message', (answer: CrewAnswer) => {
      const order = waiting.get(answer.number);
      waiting.delete(answer.number);
      hand.orders -= 1;
      if (waiting.size === 0) rest();
      if ('results' in answer) order?.resolve(answer.results);
      else order?.reject(new AppError('internal', answer.fault));
    });
    hand.worker.on('error', (error) => {
      hands.splice(hands.indexOf(hand), 1);
      for (const [number, order] of waiting) {
        if (order.hand !== hand) continue;
        waiting.delete(number);
        order.reject(new DeadThread(sentenceOf(error), { cause: error }));
      }
      if (waiting.size === 0) rest();
    });
    hands.push(hand);
    return hand;
  }

  function rest(): void {
    clearTimeout(idle);
    idle = setTimeout(() => void dismiss(), idleMs);
    idle.unref();
  }

  async function dismiss(): Promise<void> {
    clearTimeout(idle);
    const some = hands.splice(0);
    for (const [number, { reject }] of waiting) {
      waiting.delete(number);
      reject(new AppError('internal', 'The work was broken off.'));
    }
    await Promise.all(some.map(({ worker }) => worker.terminate()));
  }

  function order(kind: string, items: readonly unknown[]): Promise<readonly unknown[]> {
    clearTimeout(idle);
    const least = hands.toSorted((a, b) => a.orders - b.orders)[0];
    const hand = least && (least.orders === 0 || hands.length >= availableParallelism()) ? least : hire();
    hand.orders += 1;
    orders += 1;
    const number = orders;
    return new Promise((resolve, reject) => {
      waiting.set(number, { hand, resolve, reject });
      hand.worker.postMessage({ number, kind, items } satisfies CrewOrder);
    });
  }

  async function here(kind: string, items: readonly unknown[], onProgress: (done: number) => void): Promise<unknown[]> {
    const results: unknown[] = [];
    let breath = performance.now();
    for (const item of items) {
      results.push(await doWork(work, kind, item));
      if (performance.now() - breath < breathMs) continue;
      onProgress(results.length);
      await nextTurn();
      breath = performance.now();
    }
    return results;
  }

  async function shared(
    kind: string,
    items: readonly unknown[],
    onProgress: (done: number) => void,
  ): Promise<unknown[]> {
    let done = 0;
    const parts = Array.from({ length: Math.ceil(items.length / itemsInOrder) }, async (_, index) => {
      const part = items.slice(index * itemsInOrder, (index + 1) * itemsInOrder);
      const results = await order(kind, part).catch((error: unknown) => {
        if (error instanceof DeadThread) return here(kind, part, () => {});
        throw error;
      });
      done += part.length;
      onProgress(done);
      return results;
    });
    return (await Promise.all(parts)).flat();
  }

  return {
    async map(kind, items, onProgress = () => {}) {
      const isLittle = items.length < worthThreads && hands.length === 0;
      const results = await (isLittle ? here : shared)(kind, items, onProgress);
      return results as ResultOf<Jobs[typeof kind]>[]; // each is what the work of that kind gave, wherever it was done
    },
    close: dismiss,
  };
}

/** One item of one kind, by name. */
export async function doWork(work: Work, kind: string, item: unknown): Promise<unknown> {
  const job = Object.hasOwn(work, kind) ? work[kind] : undefined;
  if (!job) throw new AppError('internal', `There is no work called ${kind}.`);
  return job(item as never); // the kind was given with its items
}
