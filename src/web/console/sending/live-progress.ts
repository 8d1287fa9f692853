import { setTimeout as pause } from 'node:timers/promises';
import { openEditionStates } from '../../../digest/index.ts';
import type { Progress } from './progress.ts';

/** One look a second at each edition that somebody watches, however many they are; none at what nobody watches. */
export interface LiveProgress {
  look(editionId: string): Promise<Progress>;
  /** Tells where it stands now and each second, until the signal aborts or the edition is over. Throws what a look throws. */
  follow(editionId: string, tell: (progress: Progress) => void, signal: AbortSignal): Promise<void>;
}

const everyMs = 1000;

interface Watch {
  readonly listeners: Set<Listener>;
  /** Ends the wait for the next look. */
  idle: AbortController;
}

interface Listener {
  tell(progress: Progress): void;
  fail(error: unknown): void;
}

export function createLiveProgress(look: LiveProgress['look']): LiveProgress {
  const watches = new Map<string, Watch>();

  async function run(editionId: string, watch: Watch): Promise<void> {
    const { listeners } = watch;
    while (listeners.size > 0) {
      try {
        const progress = await look(editionId);
        for (const { tell } of [...listeners]) tell(progress);
      } catch (error) {
        for (const { fail } of [...listeners]) fail(error);
      }
      watch.idle = new AbortController();
      if (listeners.size > 0) await pause(everyMs, undefined, { signal: watch.idle.signal }).catch(() => {});
    }
    watches.delete(editionId);
  }

  function join(editionId: string, listener: Listener): () => void {
    const known = watches.get(editionId);
    const watch: Watch = known ?? { listeners: new Set(), idle: new AbortController() };
    watch.listeners.add(listener);
    if (!known) {
      watches.set(editionId, watch);
      void run(editionId, watch);
    }
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size === 0) watch.idle.abort();
    };
  }

  return {
    look,
    follow(editionId, tell, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return resolve();
        const end = (settle: () => void): void => {
          leave();
          signal.removeEventListener('abort', stop);
          settle();
        };
        const stop = (): void => end(resolve);
        signal.addEventListener('abort', stop);
        const leave = join(editionId, {
          tell(progress) {
            tell(progress);
            if (!openEditionStates.includes(progress.edition.state)) end(resolve);
          },
          fail: (error) => end(() => reject(error)),
        });
      });
    },
  };
}
