import { schedule } from 'node-cron';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

export interface Scheduler {
  /** Stops ticking and waits for a tick under way. */
  stop(): Promise<void>;
}

/**
 * Calls `tick` now and at the start of each minute, one at a time: a tick that takes longer swallows those that fall
 * into it. node-cron only ticks here; which times are due is `dueJobs`' business, since node-cron can't name them.
 */
export function startScheduler(tick: () => Promise<void>, log: Log): Scheduler {
  let running: Promise<void> | null = null;
  const run = (): void => {
    running ??= tick()
      .catch((error: unknown) => log.error('problem', { message: `The schedule stumbled: ${sentenceOf(error)}` }))
      .finally(() => {
        running = null;
      });
  };
  const task = schedule('* * * * *', run, { noOverlap: true });
  run();
  return {
    async stop() {
      await task.destroy();
      await running;
    },
  };
}
