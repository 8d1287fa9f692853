import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from './errors.ts';

/** Work by kind, one item at a time. Items and results go from thread to thread: plain values and bytes only. */
export type Work = Readonly<Record<string, (item: never) => unknown>>;

type ItemOf<Job> = Job extends (item: infer Item) => unknown ? Item : never;
type ResultOf<Job> = Job extends (item: never) => infer Result ? Awaited<Result> : never;

/** Hands that share heavy work: this thread for little, a thread for each core for much. */
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
  /** Whether this thread does its share of much work too, in place of one of the others; default: false. */
  readonly worksHere?: boolean;
  /** Whether much work is about to come, so that threads start meanwhile; default: false. */
  readonly startsAtOnce?: boolean;
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
/** So that a thread never waits for this one to see that it is done. */
const ordersAhead = 3;
/** Threads without work end, and give their memory back. */
const idleMs = 2000;
/** Threads clear up more often than they would by themselves; what needs more than they have is done in this thread. */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 384 };
/** How long work in this thread may hold up whatever else it does. */
const breathMs = 10;

interface Hand {
  readonly worker: Worker;
  orders: number;
}

/** Items that are done one after the other by one hand. */
interface Part {
  readonly kind: string;
  readonly items: readonly unknown[];
  resolve(results: readonly unknown[]): void;
  reject(error: unknown): void;
}

export function createCrew<Jobs extends Work>(options: CrewOptions<Jobs>): Crew<Jobs> {
  const { work, entry, setup, worksHere = false, startsAtOnce = false } = options;
  const hands: Hand[] = [];
  const mostHands = availableParallelism() - (worksHere ? 1 : 0);
  /** Parts that no hand has yet. */
  const queue: Part[] = [];
  /** Every part that isn't done. */
  const open = new Set<Part>();
  /** Parts that threads have, by the number of the order. */
  const ordered = new Map<number, { readonly hand: Hand; readonly part: Part }>();
  let orders = 0;
  let isBusyHere = false;
  let idle: NodeJS.Timeout | undefined;

  function hire(): Hand {
    const hand: Hand = { worker: new Worker(entry, { workerData: setup, resourceLimits }), orders: 0 };
    hand.worker.unref();
    hand.worker.on('message', (answer: CrewAnswer) => {
      const part = ordered.get(answer.number)?.part;
      ordered.delete(answer.number);
      hand.orders -= 1;
      give();
      if ('results' in answer) part?.resolve(answer.results);
      else part?.reject(new AppError('internal', answer.fault));
    });
    hand.worker.on('error', () => {
      hands.splice(hands.indexOf(hand), 1);
      for (const [number, { hand: dead, part }] of ordered) {
        if (dead !== hand) continue;
        ordered.delete(number);
        void doHere(part);
      }
      give();
    });
    hands.push(hand);
    return hand;
  }

  /** Gives what is queued to whoever has nothing more to do in a moment. */
  function give(): void {
    while (queue.length > 0) {
      const least = hands.toSorted((a, b) => a.orders - b.orders)[0];
      const hand = least?.orders !== 0 && hands.length < mostHands ? hire() : least;
      const part = hand && hand.orders < ordersAhead ? queue.shift() : undefined;
      if (!hand || !part) break;
      hand.orders += 1;
      orders += 1;
      ordered.set(orders, { hand, part });
      const { kind, items } = part;
      hand.worker.postMessage({ number: orders, kind, items } satisfies CrewOrder);
    }
    if (worksHere && !isBusyHere) void workHere();
  }

  async function workHere(): Promise<void> {
    isBusyHere = true;
    for (let part = queue.shift(); part; part = queue.shift()) {
      await doHere(part);
      await nextTurn();
    }
    isBusyHere = false;
  }

  async function doHere({ kind, items, resolve, reject }: Part): Promise<void> {
    await here(kind, items, () => {}).then(resolve, reject);
  }

  function rest(): void {
    clearTimeout(idle);
    idle = setTimeout(() => void dismiss(), idleMs);
    idle.unref();
  }

  async function dismiss(): Promise<void> {
    clearTimeout(idle);
    const some = hands.splice(0);
    queue.length = 0;
    ordered.clear();
    for (const { reject } of open) reject(new AppError('internal', 'The work was broken off.'));
    await Promise.all(some.map(({ worker }) => worker.terminate()));
  }

  function enqueue(kind: string, items: readonly unknown[]): Promise<readonly unknown[]> {
    clearTimeout(idle);
    return new Promise<readonly unknown[]>((resolve, reject) => {
      const part: Part = {
        kind,
        items,
        resolve(results) {
          close(part);
          resolve(results);
        },
        reject(error) {
          close(part);
          reject(error);
        },
      };
      open.add(part);
      queue.push(part);
    });
  }

  function close(part: Part): void {
    open.delete(part);
    if (open.size === 0) rest();
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
      const results = await enqueue(kind, part);
      done += part.length;
      onProgress(done);
      return results;
    });
    give();
    return (await Promise.all(parts)).flat();
  }

  if (startsAtOnce) {
    while (hands.length < mostHands) hire();
    rest();
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
