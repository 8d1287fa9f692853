import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, type Instant, plusMs, systemClock, toInstant, toMs } from '../clock.ts';
import { AppError, BusyError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { createYoungHeapBound } from './bound-young-heap.ts';
import { createCommitQueue } from './commit-queue.ts';
import type { DeliveryLedger } from './delivery-ledger.ts';
import type { FindEvidence } from './evidence.ts';
import { createLedgerSource, type DeliveryTotals } from './ledger-source.ts';
import type { ComposeMessage } from './message/compose-message.ts';
import type { PaceStore } from './pace/pace-store.ts';
import { createSendingGate } from './pace/sending-gate.ts';
import { createRecovery } from './recover-lost.ts';
import { repeat } from './repeat.ts';
import type { Transport } from './transport.ts';
import { isProcessAlive, type OwnProcess } from './worker-liveness.ts';

export interface WorkerOptions {
  readonly ledger: DeliveryLedger;
  readonly transport: Transport;
  readonly findEvidence: FindEvidence;
  readonly compose: ComposeMessage;
  readonly clock: Clock;
  readonly log: Log;
  /** Called before anything is done, and all the while; holds back what the ledger or the clock can't be trusted with. */
  readonly guard?: () => Promise<void>;
  /** Told after each transaction that settled something. */
  readonly onProgress?: (totals: DeliveryTotals) => void;
  /** How long a claim is good for without renewal, default 15 minutes: longer than a relay may think about a final dot. */
  readonly leaseMs?: number;
  /** Between two heartbeats, default 5 s; leases are renewed and lost ones looked for at each. */
  readonly beatMs?: number;
  /** Between two looks for what is due, default 1 s; editions frozen by other processes are seen then. */
  readonly pollMs?: number;
  /** Deliveries leased at a time, default 250. */
  readonly batch?: number;
  /** What all processes know of the relay's pace and of domains that complained. */
  readonly paces: PaceStore;
  /** Messages a second, all domains together; default no limit. */
  readonly perSecond?: number;
  /** Messages a second by recipient domain in lower case; default no limits. */
  readonly perDomain?: ReadonlyMap<string, number>;
  /** Told when a domain refuses the sender and gets nothing until then, with its words. */
  readonly onClosed?: (domain: string, until: Instant, reply: string) => void;
  /** Told at each try that the relay can't be used, with a sentence. */
  readonly onUnusable?: (sentence: string) => Promise<void>;
  /** Told that the relay has answered: the first time, and after each `onUnusable`. */
  readonly onUsable?: () => Promise<void>;
  /** Attempts committed before a connection asks for them, all connections together; default 0. More are in doubt after a crash. */
  readonly ahead?: number;
  /** In [0, 1), for the spread of retries; default Math.random. */
  readonly random?: () => number;
  /** Default: this process. */
  readonly ownProcess?: OwnProcess;
}

/** Sends what the ledger says is due, by one transport. It runs once: make another one afterwards. */
export interface Worker {
  readonly id: string;
  /**
   * Sends what is due, of one edition or of all, until nothing is left but what is deferred.
   *
   * @throws AppError `unavailable` where the relay can't be used, after a few tries; anything else is a fault.
   */
  runUntilIdle(editionId: string | null): Promise<DeliveryTotals>;
  /** Begins to send in the background, until `stop`. */
  start(): Promise<void>;
  /** Looks at once for what is due. */
  nudge(): void;
  /** Takes nothing more, waits for open answers as long as the transport does, gives back what it holds. */
  stop(): Promise<DeliveryTotals>;
  /** Resolves when it has stopped; rejects with the fault that ended it. */
  readonly ended: Promise<void>;
}

/** Tries with a relay that can't be used, for a command that somebody waits for. */
const foregroundTries = 3;
const maxBackOffMs = 60_000;

export function ownProcess(): OwnProcess {
  return {
    host: hostname(),
    pid: process.pid,
    startedAt: toInstant(Math.floor(performance.timeOrigin)),
    isAlive: isProcessAlive,
  };
}

export function createWorker(options: WorkerOptions): Worker {
  const boundYoungHeap = createYoungHeapBound();
  const {
    ledger,
    transport,
    findEvidence,
    clock,
    log,
    compose,
    leaseMs = 15 * 60_000,
    beatMs = 5000,
    pollMs = 1000,
  } = options;
  const own = options.ownProcess ?? ownProcess();
  const id = randomUUID();
  const stopping = new AbortController();
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => {}); // whoever cares asks; it is logged in any case
  let failure: { readonly error: unknown } | null = null;
  let loop: Promise<void> | null = null;
  let mayHaveFinished = false;
  /** Whether the relay can be used isn't known. */
  let isDoubtful = true;
  let answered = 0;

  const fail = (error: unknown): void => {
    failure ??= { error };
    stopping.abort();
  };
  /** For what is done again before long: only a process that can't write down what it began has to end. */
  const failUnlessBusy = (error: unknown): void => {
    if (error instanceof BusyError)
      log.error('problem', { message: `${error.message} Meanwhile nothing more is begun.` });
    else fail(error);
  };
  const queue = createCommitQueue(ledger, clock, fail);
  const gate = createSendingGate({
    relay: transport.name,
    store: options.paces,
    perSecond: options.perSecond ?? null,
    perDomain: options.perDomain ?? new Map(),
  });
  const source = createLedgerSource({
    worker: id,
    transport: transport.name,
    ledger,
    queue,
    gate,
    compose,
    ahead: options.ahead ?? 0,
    clock,
    leaseMs,
    batch: options.batch ?? 250,
    random: options.random ?? Math.random,
    onProgress(totals) {
      mayHaveFinished = true;
      if (isDoubtful && totals.answered > answered) {
        isDoubtful = false;
        options.onUsable?.().catch(fail);
      }
      answered = totals.answered;
      options.onProgress?.(totals);
    },
    onPaused(edition, reply) {
      log.info('edition', { id: edition.id, state: edition.state, reason: edition.reason });
      log.error('problem', {
        edition: edition.id,
        message: `${edition.id} is paused: relays find fault with the sender, lately “${reply}”. Mend that; silkpost editions resume ${edition.id} lets it go on.`,
      });
    },
    onClosed({ domain, until }, reply) {
      log.error('problem', {
        domain,
        message: `${domain} refuses mail because of the sender: “${reply}”. It gets none before ${toInstant(until)}; no reader there is blamed.`,
      });
      options.onClosed?.(domain, toInstant(until), reply);
    },
    onIdle() {
      if (!mayHaveFinished) return;
      mayHaveFinished = false;
      finishEditions().catch(failUnlessBusy);
    },
    onFailure: fail,
  });

  const recover = createRecovery({ ledger, findEvidence, clock, log, own, worker: id });

  async function finishEditions(): Promise<void> {
    await options.guard?.();
    for (const edition of await ledger.finishEditions(transport.name, clock.now())) {
      log.info('edition', { id: edition.id, state: edition.state, reason: edition.reason });
    }
  }

  async function beat(): Promise<void> {
    boundYoungHeap();
    await options.guard?.();
    const now = clock.now();
    await ledger.beat(id, now);
    const until = plusMs(now, leaseMs);
    await ledger.renewLeases(id, until);
    source.renewed(until);
    await gate.load(toMs(now));
    await recover();
    await finishEditions();
  }

  async function whileRegistered(work: () => Promise<void>): Promise<void> {
    boundYoungHeap();
    await options.guard?.();
    const now = clock.now();
    await ledger.registerWorker({
      id,
      host: own.host,
      pid: own.pid,
      transport: transport.name,
      // Wall time, as the process's own start: that is what it is compared with.
      startedAt: systemClock.now(),
      heartbeatAt: now,
    });
    const stopBeating = repeat(beat, beatMs, failUnlessBusy);
    const stopPolling = repeat(async () => source.wake(), pollMs, failUnlessBusy);
    try {
      await gate.load(toMs(now));
      await recover();
      await work();
    } finally {
      await Promise.all([stopBeating(), stopPolling()]);
      if (failure === null) {
        await source.giveBack();
        await finishEditions();
        await ledger.removeWorker(id);
      } else {
        // The record stays: what was begun is found by it. If the database is what failed, leases do the rest.
        await source.giveBack().catch(() => {});
      }
    }
  }

  /** Runs the transport; where it can't be used, again after a while, at most `tries` times without progress. */
  async function send(tries: number): Promise<void> {
    let failed = 0;
    let done = 0;
    while (!stopping.signal.aborted) {
      try {
        await transport.run(source, stopping.signal);
        return;
      } catch (error) {
        if (failure !== null || !(error instanceof AppError) || error.code !== 'unavailable') throw error;
        const totals = source.totals();
        failed = totals.answered > done ? 1 : failed + 1;
        done = totals.answered;
        log.warn('problem', { message: error.message });
        isDoubtful = true;
        await options.onUnusable?.(error.message);
        if (failed >= tries) throw error;
        const backOffMs = Math.min(maxBackOffMs, 1000 * 2 ** (failed - 1));
        await pause(backOffMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  async function run(tries: number): Promise<void> {
    try {
      await whileRegistered(() => send(tries));
    } catch (error) {
      throw failure === null ? error : failure.error;
    }
    if (failure !== null) throw failure.error;
  }

  function once(): void {
    if (loop !== null) throw new AppError('internal', 'A worker runs once.');
  }

  return {
    id,
    ended: ended.promise,
    async runUntilIdle(editionId) {
      once();
      source.open({ editionId, untilIdle: true });
      loop = run(foregroundTries);
      await loop.then(ended.resolve, (error: unknown) => {
        ended.reject(error);
        throw error;
      });
      return source.totals();
    },
    async start() {
      once();
      source.open({ editionId: null, untilIdle: false });
      loop = run(Number.POSITIVE_INFINITY);
      loop.then(ended.resolve, (error: unknown) => {
        log.error('problem', { message: `Sending has stopped: ${sentenceOf(error)}` });
        ended.reject(error);
      });
    },
    nudge: () => source.wake(),
    async stop() {
      stopping.abort();
      source.wake();
      await loop?.catch(() => {});
      return source.totals();
    },
  };
}
