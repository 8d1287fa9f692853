import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, toMs } from './clock.ts';
import type { Config } from './config/index.ts';
import {
  type Attempt,
  composeTestMessage,
  createMessageComposer,
  createWorker,
  type DeliveryLedger,
  type DeliverySource,
  type MessageOptions,
  type Transport,
} from './delivery/index.ts';
import {
  type Edition,
  type EditionCounts,
  type EditionStore,
  openEditionStates,
  type Variant,
} from './digest/index.ts';
import { AppError } from './errors.ts';
import type { Log } from './log.ts';
import { type EditionDesk, startScheduler } from './schedule/index.ts';
import { absoluteUrl, languagePrefix } from './site.ts';
import { createLinkToken, type Keys, type LinkPurpose } from './subscribers/index.ts';

export interface PostRoomParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
  readonly keys: Keys;
  readonly transport: Transport;
  readonly desk: EditionDesk;
}

/** Sending that goes on in the background. */
export interface RunningMail {
  /** Rejects when sending had to end: nothing more may go out from this process. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Where frozen editions leave from: in the background, or while somebody waits. */
export interface PostRoom {
  /** Runs the schedule and a worker until stopped. */
  start(): Promise<RunningMail>;
  /** Whether a worker with this process's transport is alive somewhere. */
  hasLiveWorker(): Promise<boolean>;
  /**
   * Stays until everything due is final or deferred: of one edition, or of all where null. A worker that is alive
   * elsewhere does the sending; otherwise this process does.
   */
  sendUntilIdle(editionId: string | null, onProgress: (counts: EditionCounts) => void): Promise<void>;
  /** Sends one copy to an address; no reader's delivery changes. */
  sendTest(newsletter: string, variant: Variant, address: string): Promise<void>;
  /** A message as the sample reader of a preview would get it. */
  previewMessage(newsletter: string, variant: Variant): Promise<Buffer>;
  /** Deliveries in doubt in the newest editions. */
  countInDoubt(): Promise<number>;
}

/** A worker beats every 5 s; one that has been silent for three beats is not counted on. */
const silentMs = 15_000;
const pollMs = 200;

export function createPostRoom(parts: PostRoomParts): PostRoom {
  const { config, clock, log, editions, ledger, transport, desk } = parts;
  const messageOptions = createMessageOptions(parts);
  const compose = createMessageComposer({ ...messageOptions, editions });
  const worker = () => createWorker({ ledger, transport, compose, clock, log });

  async function hasLiveWorker(): Promise<boolean> {
    const now = toMs(clock.now());
    const workers = await ledger.listWorkers();
    return workers.some((other) => other.transport === transport.name && now - toMs(other.heartbeatAt) < silentMs);
  }

  async function countsOf(editionId: string | null): Promise<EditionCounts | null> {
    const id = editionId ?? (await editions.listEditions({ states: ['sending'], limit: 1 }))[0]?.id;
    return id === undefined ? null : editions.getCounts(id);
  }

  async function hasWork(editionId: string | null): Promise<boolean> {
    const busy = (counts: EditionCounts): boolean => counts.queued + counts.claimed + counts.attempting > 0;
    const open: Edition[] =
      editionId === null
        ? await editions.listEditions({ states: ['approved', 'sending'] })
        : [await editions.findEdition(editionId)].filter((edition) => edition !== null);
    for (const edition of open) {
      if (edition.state === 'approved' && editionId !== null) return true;
      if (edition.state === 'sending' && busy(await editions.getCounts(edition.id))) return true;
    }
    return false;
  }

  async function report(editionId: string | null, onProgress: (counts: EditionCounts) => void): Promise<void> {
    const counts = await countsOf(editionId);
    if (counts !== null) onProgress(counts);
  }

  return {
    hasLiveWorker,
    async start() {
      const background = worker();
      await background.start();
      const scheduler = startScheduler(async () => {
        const touched = await desk.runDue();
        if (touched.length > 0) background.nudge();
      }, log);
      const failed = background.ended.then(
        () => new Promise<never>(() => {}), // it was stopped on purpose
      );
      failed.catch(() => {}); // whoever started it listens
      return {
        failed,
        async stop() {
          await scheduler.stop();
          await background.stop();
        },
      };
    },
    async sendUntilIdle(editionId, onProgress) {
      let watching: NodeJS.Timeout | undefined;
      try {
        watching = setInterval(() => void report(editionId, onProgress).catch(() => {}), pollMs);
        while (await hasWork(editionId)) {
          if (await hasLiveWorker()) await pause(pollMs);
          else await worker().runUntilIdle(editionId);
        }
      } finally {
        clearInterval(watching);
      }
      await report(editionId, onProgress);
    },
    async sendTest(newsletter, variant, address) {
      const attempt = await composeTestMessage(messageOptions, { newsletter, editionId: 'test', variant, address });
      const source = oneAttempt(attempt);
      await transport.run(source, new AbortController().signal);
      source.assertSent(address);
    },
    async previewMessage(newsletter, variant) {
      const address = 'reader@example.com';
      const attempt = await composeTestMessage(messageOptions, { newsletter, editionId: 'preview', variant, address });
      return attempt.message();
    },
    async countInDoubt() {
      let count = 0;
      for (const edition of await editions.listEditions({ states: [...openEditionStates, 'sent'], limit: 20 })) {
        count += (await editions.getCounts(edition.id)).in_doubt;
      }
      return count;
    },
  };

  function createMessageOptions({ keys }: PostRoomParts): Omit<MessageOptions, 'editions'> {
    const { site, mail, newsletters } = config;
    const link = (lang: string, page: LinkPurpose, subscriberId: number, newsletter: string | null): string => {
      // Nobody's links, for a copy that is only looked at.
      const token = subscriberId === 0 ? 'preview' : createLinkToken(keys, page, { subscriberId, newsletter });
      return absoluteUrl(site, `${languagePrefix(site, lang)}/${page}/${token}`);
    };
    return {
      site,
      from: mail.from,
      replyTo: mail.replyTo,
      newsletters,
      links: {
        unsubscribe: (subscriberId, newsletter, lang) => link(lang, 'unsubscribe', subscriberId, newsletter),
        preferences: (subscriberId, lang) => link(lang, 'preferences', subscriberId, null),
      },
      messageIdKey: createHmac('sha256', keys.address).update('silkpost message ids').digest(),
      clock,
    };
  }
}

/** A source of one message that no ledger knows. */
function oneAttempt(attempt: Attempt): DeliverySource & { assertSent(address: string): void } {
  let taken = false;
  let refusal: string | null = 'the relay gave no answer';
  return {
    async next() {
      if (taken) return null;
      taken = true;
      return attempt;
    },
    begin: async () => true,
    async settle(results) {
      for (const result of results)
        refusal = result.kind === 'sent' ? null : 'reply' in result ? result.reply : result.kind;
    },
    assertSent(address) {
      if (refusal !== null) throw new AppError('unavailable', `The copy to ${address} was not sent: ${refusal}.`);
    },
  };
}
