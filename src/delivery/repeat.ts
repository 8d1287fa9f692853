import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does something again and again, never twice at once, until what it returns is called, which resolves once what was
 * begun is done.
 *
 * @param everyMs From one's end to the next one's beginning.
 * @param onFault Told of each rejection; the next one is begun all the same.
 */
export function repeat(
  work: () => Promise<void>,
  everyMs: number,
  onFault: (error: unknown) => void,
): () => Promise<void> {
  const over = new AbortController();
  const running = (async () => {
    while (!over.signal.aborted) {
      await pause(everyMs, undefined, { signal: over.signal }).catch(() => {});
      if (!over.signal.aborted) await work().catch(onFault);
    }
  })();
  return () => {
    over.abort();
    return running;
  };
}
