import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, type Instant, plusMs } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { PublishedCatalog } from '../content/index.ts';
import {
  composeNotice,
  composeTestMessage,
  createMessageComposer,
  createWorker,
  type DeliveryLedger,
  isWorkerLive,
  ownProcess,
  type PaceStore,
  pruneOutbox,
  type RelayTroubleStore,
  sendOne,
  type Transport,
  type Worker,
} from '../delivery/index.ts';
import {
  type Edition,
  type EditionCounts,
  type EditionStore,
  openEditionStates,
  type Variant,
} from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import {
  createNotices,
  type Notice,
  type NoticeEvent,
  type NoticeStore,
  type Notices,
  postNotice,
} from '../operators/index.ts';
import {
  type BeatenBy,
  createRetention,
  createWithdrawals,
  type EditionDesk,
  findAbsence,
  findClosures,
  findNewDrafts,
  findTroubles,
  parseCadence,
  type RestoreGuard,
  type RetentionStore,
  startScheduler,
} from '../schedule/index.ts';
import { localized } from '../site.ts';
import type { SubscriberStore } from '../subscribers/index.ts';
import type { DoctorRoom } from './doctor-room.ts';
import type { LetterRoom } from './letter-room.ts';
import type { MailOptions } from './mail-options.ts';

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
  publishEditions(): Promise<void>;
}

/** Sending that goes on in the background. */
export interface RunningMail {
  /** Rejects when sending had to end: nothing more may go out from this process. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Where frozen editions leave from: in the background, or while somebody waits. */
export interface PostRoom {
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
  /** Sends one copy to an address; no reader's delivery changes. */
  sendTest(newsletter: string, variant: Variant, address: string): Promise<void>;
  /** A message as the sample reader of a preview would get it: unsigned where the keys aren't on this machine. */
  previewMessage(newsletter: string, variant: Variant): Promise<Buffer>;
  /** What operators are told; it leaves with `tellOperators`. */
  readonly notices: Notices;
  /** Looks for what needs a person, and tells operators of it until `stop` aborts. Never rejects. */
  tellOperators(stop: AbortSignal): Promise<void>;
  /** What needs a person now, as far as mail goes. */
  listNeeds(): Promise<NoticeEvent[]>;
  /** Keeps withdrawn articles from going out with editions that were frozen before. */
  heedWithdrawals(): Promise<void>;
  /**
   * Removes what has been kept for long enough, at most once a day, and in the night, unless `atAnyHour`, what was erased
   * from the database's file. Never rejects.
   */
  prune(atAnyHour: boolean): Promise<void>;
  /** For a process without a worker: tells operators of what needs them, also where no worker sends what is due. */
  watchWorkers(): { stop(): Promise<void> };
  /** Deliveries in doubt in the newest editions. */
  countInDoubt(): Promise<number>;
}

const pollMs = 200;
/** Notices older than that are told again. */
const toldWithinMs = 6 * 3_600_000;

export function createPostRoom(parts: PostRoomParts): PostRoom {
  const { config, clock, log, editions, ledger, transport, troubles, desk, guard, publishEditions } = parts;
  const messageOptions = parts.mailOptions;
  const findSigner = messageOptions.signer;
  const compose = createMessageComposer({ ...messageOptions, editions });
  const { mail } = config;
  const worker = (by: BeatenBy) =>
    createWorker({
      ledger,
      transport,
      compose,
      clock,
      log,
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

  const { notify, webhook } = config.operators;
  const targets = webhook === null ? notify : [...notify, 'webhook'];
  const notices = createNotices({
    store: parts.noticeStore,
    targets,
    channel: deliverNotice,
    clock,
    log,
  });

  async function deliverNotice(target: string, notice: Notice, stop: AbortSignal): Promise<void> {
    if (target === 'webhook' && webhook !== null) {
      await postNotice(webhook, localized(config.site.title, 'en', config.site), notice, clock, stop);
      return;
    }
    const result = await sendOne(transport, composeNotice(messageOptions, notice, target), stop);
    if (result.kind !== 'sent') {
      throw new AppError('unavailable', ('reply' in result && result.reply) || result.kind);
    }
  }

  const draftsToTell = {
    site: config.site,
    listDrafts: () => editions.listEditions({ states: ['draft'], limit: 50 }),
    async listTold(since: Instant) {
      const told = await parts.noticeStore.listNotices('draft', since);
      return new Set(told.flatMap(({ editionId }) => editionId ?? []));
    },
    select: (edition: Edition) => desk.select(edition),
    readers: desk.readers,
    listFindings: async (edition: Edition) => (await desk.preflight.look(edition))?.findings ?? [],
    takesApproval: ({ newsletter }: Edition) =>
      config.newsletters.some(({ name, approval }) => name === newsletter && approval !== 'none'),
  };

  async function tellOperators(stop: AbortSignal): Promise<void> {
    try {
      const now = clock.now();
      for (const event of await findTroubles(editions, await troubles.listTroubles(), now)) await notices.tell(event);
      const told = await parts.noticeStore.listNotices('closed', plusMs(now, -toldWithinMs));
      const closures = findClosures(await troubles.listClosed(now), told, now);
      if (closures !== null) await notices.tell(closures);
      if (targets.length > 0) for (const event of await findNewDrafts(draftsToTell)) await notices.tell(event);
    } catch (error) {
      log.error('problem', { message: `What operators should know can’t be found out: ${sentenceOf(error)}` });
    }
    await notices.sendDue(stop);
  }

  const heedWithdrawals = createWithdrawals({
    ledger,
    published: parts.published,
    clock,
    tell: (event) => notices.tell(event),
  });

  const openedAt = clock.now();

  async function listNeeds(): Promise<NoticeEvent[]> {
    const now = clock.now();
    const events = [
      await findAbsentWorker(openedAt),
      ...(await findTroubles(editions, await troubles.listTroubles(), now)),
      findClosures(await troubles.listClosed(now), [], now),
      (await parts.noticeStore.listNotices('mailbox', plusMs(now, -toldWithinMs))).at(-1) ?? null,
    ];
    return events.filter((event) => event !== null);
  }

  const prune = createRetention({
    store: parts.retentionStore,
    pruneOutbox: (before, except) => pruneOutbox(config.paths.outbox, before, except),
    scrub: () => parts.subscribers.scrub(),
    ...config.retention,
    timezone: config.site.timezone,
    clock,
    log,
  });

  async function findAbsentWorker(since: Instant): Promise<NoticeEvent | null> {
    const beatAt = await guard.findLastBeat();
    const workplace = {
      lastBeatAt: beatAt !== null && beatAt > since ? beatAt : since,
      newsletters: config.newsletters.map((newsletter) => ({
        newsletter,
        cadence: parseCadence(newsletter.schedule, newsletter.timezone),
      })),
      open: await editions.listEditions({ states: ['approved', 'sending'] }),
    };
    return findAbsence(workplace, clock.now());
  }

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

  async function report(editionId: string | null, onProgress: (counts: EditionCounts) => void): Promise<void> {
    const counts = await countsOf(editionId);
    if (counts !== null) onProgress(counts);
  }

  return {
    notices,
    tellOperators,
    listNeeds,
    prune,
    heedWithdrawals,
    async openKeys() {
      await findSigner();
    },
    hasLiveWorker,
    async start() {
      await guard.look('worker');
      const background = worker('worker');
      await background.start();
      const letters = parts.letters.start();
      const scheduler = startScheduler(
        async () => {
          await heedWithdrawals();
          const touched = await desk.runDue();
          if (touched.length > 0) background.nudge();
          await publishEditions();
          await prune(false);
          await parts.doctorRoom.lookDaily();
        },
        log,
        { findNext: (after) => editions.findNextDue(after), clock },
      );
      // Apart from the schedule: a webhook that hangs must not hold up an edition.
      const stopping = new AbortController();
      const watch = startScheduler(() => tellOperators(stopping.signal), log);
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
    watchWorkers() {
      const since = clock.now();
      const stopping = new AbortController();
      const watch = startScheduler(async () => {
        const absence = await findAbsentWorker(since);
        if (absence !== null) await notices.tell(absence);
        await tellOperators(stopping.signal);
      }, log);
      return {
        stop() {
          stopping.abort();
          return watch.stop();
        },
      };
    },
    async sendUntilIdle(editionId, onProgress, stop) {
      await heedWithdrawals();
      let watching: NodeJS.Timeout | undefined;
      try {
        watching = setInterval(() => void report(editionId, onProgress).catch(() => {}), pollMs);
        while (!stop?.aborted && (await hasWork(editionId))) {
          if (!(await hasLiveWorker())) await runUntil(worker('pass'), editionId, stop);
          await pause(pollMs);
        }
      } finally {
        clearInterval(watching);
      }
      await report(editionId, onProgress);
      await publishEditions();
    },
    async sendTest(newsletter, variant, address) {
      const attempt = await composeTestMessage(messageOptions, { newsletter, editionId: 'test', variant, address });
      const result = await sendOne(transport, attempt);
      if (result.kind === 'sent') return;
      const said = ('reply' in result && result.reply) || result.kind;
      throw new AppError('unavailable', `The copy to ${address} was not sent: ${said}.`);
    },
    async previewMessage(newsletter, variant) {
      const address = 'reader@example.com';
      const signer = await findSigner().catch((error: unknown) => {
        log.warn('problem', { message: `${sentenceOf(error)} The preview has no signature.` });
        return null;
      });
      const options = { ...messageOptions, signer: async () => signer };
      const attempt = await composeTestMessage(options, { newsletter, editionId: 'preview', variant, address });
      return Buffer.concat(await attempt.message());
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
