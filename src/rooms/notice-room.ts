import { type Clock, type Instant, plusMs } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { composeNotice, type RelayTroubleStore, sendOne, type Transport } from '../delivery/index.ts';
import type { Edition, EditionStore } from '../digest/index.ts';
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
  type EditionDesk,
  findAbsence,
  findClosures,
  findNewDrafts,
  findTroubles,
  parseCadence,
  type RestoreGuard,
  startScheduler,
} from '../schedule/index.ts';
import { localized } from '../site.ts';
import type { MailOptions } from './mail-options.ts';

export interface NoticeRoomParts {
  readonly config: Pick<Config, 'site' | 'newsletters' | 'operators'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly editions: EditionStore;
  readonly mailOptions: MailOptions;
  readonly transport: Transport;
  readonly troubles: RelayTroubleStore;
  readonly desk: EditionDesk;
  readonly guard: RestoreGuard;
  readonly noticeStore: NoticeStore;
}

/** Where it is found out what needs a person, and operators are told of it. */
export interface NoticeRoom {
  /** What operators are told; it leaves with `tellOperators`. */
  readonly notices: Notices;
  /** Looks for what needs a person, and tells operators of it until `stop` aborts. Never rejects. */
  tellOperators(stop: AbortSignal): Promise<void>;
  /** What needs a person now, as far as mail goes. */
  listNeeds(): Promise<NoticeEvent[]>;
  /** For a process without a worker: tells operators of what needs them, also where no worker sends what is due. */
  watchWorkers(): { stop(): Promise<void> };
}

/** Notices older than that are told again. */
const toldWithinMs = 6 * 3_600_000;

export function createNoticeRoom(parts: NoticeRoomParts): NoticeRoom {
  const { config, clock, log, editions, mailOptions, transport, troubles, desk, guard, noticeStore } = parts;
  const { notify, webhook } = config.operators;
  const targets = webhook === null ? notify : [...notify, 'webhook'];
  const notices = createNotices({
    store: noticeStore,
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
    const result = await sendOne(transport, composeNotice(mailOptions, notice, target), stop);
    if (result.kind !== 'sent') {
      throw new AppError('unavailable', ('reply' in result && result.reply) || result.kind);
    }
  }

  const draftsToTell = {
    site: config.site,
    listDrafts: () => editions.listEditions({ states: ['draft'], limit: 50 }),
    async listTold(since: Instant) {
      const told = await noticeStore.listNotices('draft', since);
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
      const told = await noticeStore.listNotices('closed', plusMs(now, -toldWithinMs));
      const closures = findClosures(await troubles.listClosed(now), told, now);
      if (closures !== null) await notices.tell(closures);
      if (targets.length > 0) for (const event of await findNewDrafts(draftsToTell)) await notices.tell(event);
    } catch (error) {
      log.error('problem', { message: `What operators should know can’t be found out: ${sentenceOf(error)}` });
    }
    await notices.sendDue(stop);
  }

  const openedAt = clock.now();

  async function listNeeds(): Promise<NoticeEvent[]> {
    const now = clock.now();
    const events = [
      await findAbsentWorker(openedAt),
      ...(await findTroubles(editions, await troubles.listTroubles(), now)),
      findClosures(await troubles.listClosed(now), [], now),
      (await noticeStore.listNotices('mailbox', plusMs(now, -toldWithinMs))).at(-1) ?? null,
    ];
    return events.filter((event) => event !== null);
  }

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

  return {
    notices,
    tellOperators,
    listNeeds,
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
  };
}
