import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves together. */
const enoughBytes = 32 * 1024 ** 2;

/**
 * Keeps the space for new objects from growing once it is large enough: under a steady stream of messages V8 doubles it up
 * to 64 MB, and none of them goes faster. What it returns is to be called now and then, since V8 makes the space smaller in
 * quiet times. The flag is set only where it changes: V8 may stumble over one that is set while a thread begins.
 */
export function createYoungHeapBound(): () => void {
  let factor = 2; // V8's own
  return () => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    const wanted = (young?.space_size ?? 0) >= enoughBytes ? 1 : 2;
    if (wanted === factor) return;
    factor = wanted;
    setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  };
}
