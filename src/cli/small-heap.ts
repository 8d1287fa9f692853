import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** From 1 MB to this many at once: with less, much that is done with in a moment is taken for what stays, and ends in the large heap. */
const megabytes = 8;
/** More than enough for V8 to see that the space is small. */
const mostFillers = 500_000;

/**
 * Keeps the heap small from now on: V8 doubles the space for new objects up to 64 MB as it pleases, which makes a build of
 * ten thousand articles no faster and a quarter larger. Not for what serves: there it is the pauses that count.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--semi-space-growth-factor=${megabytes}`);
  growOnce();
  setFlagsFromString('--semi-space-growth-factor=1');
  // Threads that start later have it at once: theirs wouldn't grow either.
  setFlagsFromString(`--min-semi-space-size=${megabytes}`);
}

/** The space grows at a collection that much survives, and the flag that sets its first size is read before this runs. */
function growOnce(): void {
  const kept: object[] = [];
  while (kept.length < mostFillers && newSpaceBytes() < megabytes * 1024 * 1024) {
    for (let index = 0; index < 1000; index++) kept.push([index]);
  }
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
