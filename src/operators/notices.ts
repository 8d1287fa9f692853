import { type Clock, plusMs, toMs } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Notice, type NoticeCopy, type NoticeEvent, quietMs } from './notice.ts';
import type { NoticeStore } from './notice-store.ts';

/** Takes a notice to a target; rejects with a sentence where it can't. */
export type NoticeChannel = (target: string, notice: Notice, stop: AbortSignal) => Promise<void>;

export interface NoticesOptions {
  readonly store: NoticeStore;
  /** Who is told: addresses, and `webhook` where there is one. */
  readonly targets: readonly string[];
  readonly channel: NoticeChannel;
  readonly clock: Clock;
  readonly log: Log;
}

/** Operators are told what needs them: at least once each, and not over and over. */
export interface Notices {
  /** Keeps the event and writes it to the log, unless an equal one was told lately; it is sent by `sendDue`. Never rejects. */
  tell(event: NoticeEvent): Promise<void>;
  /** Sends what is due until `stop` aborts. What can't be sent is tried again later. Never rejects. */
  sendDue(stop: AbortSignal): Promise<void>;
}

const minuteMs = 60_000;
/** Waits between tries; the last one repeats. */
const backOffMs = [1, 5, 15, 60].map((minutes) => minutes * minuteMs);
/** After that a notice is no news any more. */
const giveUpMs = 3 * 24 * 60 * minuteMs;
/** Longer than a try takes: a process that died with a copy leaves it to the next one. */
const claimMs = 15 * minuteMs;
const batch = 20;

export function createNotices({ store, targets, channel, clock, log }: NoticesOptions): Notices {
  async function send(copy: NoticeCopy, stop: AbortSignal): Promise<void> {
    const { notice, target } = copy;
    // Somebody who was taken out of the configuration since.
    if (!targets.includes(target)) return store.removeCopy(copy);
    try {
      await channel(target, notice, stop);
    } catch (error) {
      const now = clock.now();
      if (stop.aborted) return store.deferCopy(copy, now);
      const isOver = toMs(now) - toMs(notice.at) > giveUpMs;
      const message = `${target} could not be told of “${notice.sentence}”: ${sentenceOf(error)}`;
      log.warn('problem', { message: isOver ? `${message}. It is given up.` : message });
      if (isOver) return store.removeCopy(copy);
      const waitMs = backOffMs[Math.min(copy.tries, backOffMs.length - 1)] ?? minuteMs;
      return store.deferCopy(copy, plusMs(now, waitMs));
    }
    await store.removeCopy(copy);
  }

  return {
    async tell(event) {
      try {
        const now = clock.now();
        const quiet = quietMs[event.kind];
        const notice = await store.addNotice(event, targets, quiet === null ? null : plusMs(now, -quiet), now);
        if (notice === null) return;
        const message = `${event.sentence} ${event.whatToDo}`;
        log.warn('notice', { kind: event.kind, edition: event.editionId, message });
      } catch (error) {
        log.error('problem', { message: `“${event.sentence}” could not be kept to be told: ${sentenceOf(error)}` });
      }
    },
    async sendDue(stop) {
      try {
        while (!stop.aborted) {
          const now = clock.now();
          const copies = await store.claimCopies(now, plusMs(now, claimMs), batch);
          if (copies.length === 0) return;
          for (const copy of copies) await send(copy, stop);
        }
      } catch (error) {
        log.error('problem', { message: `Operators can’t be told: ${sentenceOf(error)}` });
      }
    },
  };
}
