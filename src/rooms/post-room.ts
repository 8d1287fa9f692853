import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, type Instant, toMs } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { PublishedCatalog } from '../content/index.ts';
import {
  createEvidence,
  createMessageComposer,
  createWorker,
  type DeliveryLedger,
  isWorkerLive,
  ownProcess,
  type PaceStore,
  pruneOutbox,
  type RelayTroubleStore,
  type Transport,
  type Worker,
} from '../delivery/index.ts';
import { type EditionCounts, type EditionStore, openEditionStates } from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { NoticeStore } from '../operators/index.ts';
import {
  type BeatenBy,
  createRetention,
  createWithdrawals,
  type EditionDesk,
  type RestoreGuard,
  type RetentionStore,
  startScheduler,
} from '../schedule/index.ts';
import type { SubscriberStore } from '../subscribers/index.ts';
import { logWithoutAddresses } from '../without-addresses.ts';
import type { DoctorRoom } from './doctor-room.ts';
import type { LetterRoom } from './letter-room.ts';
import type { MailOptions } from './mail-options.ts';
import { createNoticeRoom, type NoticeRoom } from './notice-room.ts';
import { createSampleMails, type SampleMails } from './sample-mails.ts';

export interface PostRoomParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
  readonly mailOptions: MailOptions;
  readonly letters: Pick<LetterRoom, 'start'>;
  readonly transport: Transport;
  readonly paces: PaceStore;
  readonly troubles: RelayTroubleStore;
  readonly desk: EditionDesk;
  readonly guard: RestoreGuard;
  readonly noticeStore: NoticeStore;
  readonly retentionStore: RetentionStore;
  readonly subscribers: Pick<SubscriberStore, 'scrub'>;
  readonly doctorRoom: Pick<DoctorRoom, 'lookDaily'>;
  /** The published view at this moment. */
  readonly published: () => PublishedCatalog;
  /** Renews the feeds of editions. */
  renewFeeds(): Promise<void>;
}

/** Sending that goes on in the background. */
export interface RunningMail {
  /** Rejects when sending had to end: nothing more may go out from this process. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Where frozen editions leave from: in the background, or while somebody waits. */
export interface PostRoom extends NoticeRoom, SampleMails {
  /**
   * Reads the keys that sign, if that hasn't been done; sending does it too, but late.
   *
   * @throws AppError `invalid` where one is missing or wrong.
   */
  openKeys(): Promise<void>;
  /** Runs the schedule and a worker until stopped. */
  start(): Promise<RunningMail>;
  /** Whether a worker with this process's transport is alive somewhere. */
  hasLiveWorker(): Promise<boolean>;
  /**
   * Stays until everything due is final or deferred: of one edition, or of all where null. A worker that is alive
   * elsewhere does the sending; otherwise this process does. On `stop` nothing more is begun, and open answers are
   * waited for.
   */
  sendUntilIdle(
    editionId: string | null,
    onProgress: (counts: EditionCounts) => void,
    stop?: AbortSignal,
  ): Promise<void>;
  /** Keeps withdrawn articles from going out with editions that were frozen before, also with one that is over. */
  heedWithdrawals(alsoOf?: string): Promise<void>;
  /**
   * Removes what has been kept for long enough, at most once a day, and in the night, unless `atAnyHour`, what was erased
   * from the database's file. Never rejects.
   */
  prune(atAnyHour: boolean): Promise<void>;
  /** Deliveries in doubt in the newest editions. */
  countInDoubt(): Promise<number>;
}

const pollMs = 200;
/** A worker's first three tries, 1 and 2 s after one another. */
const vainTriesMs = 3000;

export function createPostRoom(parts: PostRoomParts): PostRoom {
  const { config, clock, log, editions, ledger, transport, troubles, desk, guard, renewFeeds } = parts;
  const { mailOptions } = parts;
  const noticeRoom = createNoticeRoom(parts);
  const compose = createMessageComposer({ ...mailOptions, editions });
  const { mail } = config;
  const findEvidence = createEvidence(config.paths.outbox);
  const worker = (by: BeatenBy) =>
    createWorker({
      ledger,
      transport,
      findEvidence,
      compose,
      clock,
      log: logWithoutAddresses(log),
      guard: () => guard.look(by),
      paces: parts.paces,
      onClosed(domain, _until, reply) {
        troubles.noteClosure(transport.name, domain, reply).catch((error: unknown) => {
          log.error('problem', { message: `What ${domain} said couldn’t be kept: ${sentenceOf(error)}` });
        });
      },
      onUnusable: (sentence) => troubles.note(transport.name, sentence, clock.now()),
      onUsable: () => troubles.clear(transport.name),
      ahead: mail.ahead * mail.connections,
      // The outbox is no relay that could be asked too much.
      ...(mail.relay === null ? {} : { perSecond: mail.ratePerSecond, perDomain: mail.perDomain }),
    });

  const heedWithdrawals = createWithdrawals({
    ledger,
    published: parts.published,
    clock,
    tell: (event) => noticeRoom.notices.tell(event),
  });

  const prune = createRetention({
    store: parts.retentionStore,
    pruneOutbox: (before, except) => pruneOutbox(config.paths.outbox, before, except),
    scrub: () => parts.subscribers.scrub(),
    ...config.retention,
    timezone: config.site.timezone,
    clock,
    log,
  });

  async function hasLiveWorker(): Promise<boolean> {
    const now = clock.now();
    const workers = await ledger.listWorkers();
    return workers.some((other) => other.transport === transport.name && isWorkerLive(other, ownProcess(), now));
  }

  async function countsOf(editionId: string | null): Promise<EditionCounts | null> {
    const id = editionId ?? (await editions.listEditions({ states: ['sending'], limit: 1 }))[0]?.id;
    return id === undefined ? null : editions.getCounts(id);
  }

  /** Of this process's transport: another's deliveries are never touched, so waiting for them would have no end. */
  async function hasWork(editionId: string | null): Promise<boolean> {
    const now = clock.now();
    if (editionId === null) {
      const due = await ledger.findNextDue(transport.name, now);
      return due !== null && due <= now;
    }
    const edition = await editions.findEdition(editionId);
    if (edition?.state === 'approved') return edition.dueAt <= now;
    if (edition?.state !== 'sending' || edition.transport !== transport.name) return false;
    const counts = await editions.getCounts(editionId);
    return counts.queued + counts.claimed + counts.attempting > 0;
  }

  /** Nobody waits longer for another process's worker to reach the relay than for a worker of their own. */
  async function refuseVainTries(since: Instant): Promise<void> {
    const trouble = (await troubles.listTroubles()).find(({ relay }) => relay === transport.name);
    if (!trouble || trouble.at < since || toMs(trouble.at) - toMs(trouble.since) < vainTriesMs) return;
    throw new AppError('unavailable', `${trouble.said}. The running worker goes on trying.`);
  }

  async function report(editionId: string | null, onProgress: (counts: EditionCounts) => void): Promise<void> {
    const counts = await countsOf(editionId);
    if (counts !== null) onProgress(counts);
  }

  return {
    ...noticeRoom,
    ...createSampleMails(parts),
    prune,
    heedWithdrawals,
    async openKeys() {
      await mailOptions.signer();
    },
    hasLiveWorker,
    async start() {
      await guard.look('worker');
      // What was withdrawn while nothing ran.
      await heedWithdrawals();
      const background = worker('worker');
      await background.start();
      const letters = parts.letters.start();
      const scheduler = startScheduler(
        async () => {
          await heedWithdrawals();
          const touched = await desk.runDue();
          if (touched.length > 0) background.nudge();
          await renewFeeds();
          await prune(false);
          await parts.doctorRoom.lookDaily();
        },
        log,
        { findNext: (after) => editions.findNextDue(after), clock },
      );
      // Apart from the schedule: a webhook that hangs must not hold up an edition.
      const stopping = new AbortController();
      const watch = startScheduler(() => noticeRoom.tellOperators(stopping.signal), log);
      const failed = background.ended.then(
        () => new Promise<never>(() => {}), // it was stopped on purpose
      );
      failed.catch(() => {}); // whoever started it listens
      return {
        failed,
        async stop() {
          stopping.abort();
          await scheduler.stop();
          await Promise.all([background.stop(), letters.stop()]);
          await watch.stop();
        },
      };
    },
    async sendUntilIdle(editionId, onProgress, stop) {
      await heedWithdrawals();
      const begun = clock.now();
      let watching: NodeJS.Timeout | undefined;
      try {
        watching = setInterval(() => void report(editionId, onProgress).catch(() => {}), pollMs);
        while (!stop?.aborted && (await hasWork(editionId))) {
          if (await hasLiveWorker()) await refuseVainTries(begun);
          else await runUntil(worker('pass'), editionId, stop);
          await pause(pollMs);
        }
      } finally {
        clearInterval(watching);
      }
      await report(editionId, onProgress);
      await renewFeeds();
    },
    async countInDoubt() {
      let count = 0;
      for (const edition of await editions.listEditions({ states: [...openEditionStates, 'sent'], limit: 20 })) {
        count += (await editions.getCounts(edition.id)).in_doubt;
      }
      return count;
    },
  };
}

async function runUntil(worker: Worker, editionId: string | null, stop: AbortSignal | undefined): Promise<void> {
  const halt = (): void => void worker.stop();
  stop?.addEventListener('abort', halt, { once: true });
  try {
    await worker.runUntilIdle(editionId);
  } finally {
    stop?.removeEventListener('abort', halt);
  }
}
