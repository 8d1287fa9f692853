import { createRequire } from 'node:module';
import type { Clock, Instant } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

const require = createRequire(import.meta.url);
/** Loaded with the first schedule: most commands have none. */
const loadCron = (): typeof import('node-cron') => require('node-cron');

export interface Scheduler {
  /** Stops ticking and waits for a tick under way. */
  stop(): Promise<void>;
}

/** A time for which somebody asked, found in whatever process it was asked for. */
export interface AskedTimes {
  /** The first one after an instant; null: there is none. */
  findNext(after: Instant): Promise<Instant | null>;
  readonly clock: Clock;
}

/** Asking takes a fraction of a millisecond. */
const lookEveryMs = 1000;

/**
 * Calls `tick` now, at the start of each minute and at each asked time to the second, one at a time: a tick that takes longer
 * swallows those that fall into it. node-cron only ticks here; which times are due is `dueJobs`' business, since node-cron
 * can't name them.
 */
export function startScheduler(tick: () => Promise<void>, log: Log, asked?: AskedTimes): Scheduler {
  let running: Promise<void> | null = null;
  const run = (): void => {
    running ??= tick()
      .catch((error: unknown) => log.error('problem', { message: `The schedule stumbled: ${sentenceOf(error)}` }))
      .finally(() => {
        running = null;
      });
  };
  const task = loadCron().schedule('* * * * *', run, { noOverlap: true });
  run();
  const looking =
    asked &&
    setInterval(
      wakeUp(asked, run, () => running !== null),
      lookEveryMs,
    );
  return {
    async stop() {
      clearInterval(looking);
      await task.destroy();
      await running;
    },
  };
}

/** Ticks once for each time, as what fails then is tried again by the minute. */
function wakeUp({ findNext, clock }: AskedTimes, run: () => void, isRunning: () => boolean): () => void {
  let done = clock.now();
  return () => {
    if (isRunning()) return;
    void findNext(done)
      .then((next) => {
        if (next === null || next > clock.now() || isRunning()) return;
        done = next;
        run();
      })
      .catch(() => {}); // the database can't be read: the next tick says so
  };
}
