import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves together. */
const enoughBytes = 32 * 1024 ** 2;

/**
 * Keeps the space for new objects from growing once it is large enough: under a steady stream of messages V8 doubles it up
 * to 64 MB, and none of them goes faster. To be called now and then, since V8 makes it smaller in quiet times.
 */
export function boundYoungHeap(): void {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  const isEnough = (young?.space_size ?? 0) >= enoughBytes;
  setFlagsFromString(`--semi-space-growth-factor=${isEnough ? 1 : 2}`);
}
