/** However fast the last ones were: one that the disk keeps waiting is no longer than it has to be. */
const mostRows = 200;
const fewestRows = 20;

/** Half of what a transaction may take, so that a slow one is within it, too. */
const wantedMs = 25;

export const firstBatch = 100;

/** How many rows the next transaction takes, by what the last one took: others want to write, too. */
export function nextBatch(rows: number, tookMs: number): number {
  const fitting = Math.floor((rows * wantedMs) / Math.max(tookMs, 1));
  return Math.max(fewestRows, Math.min(mostRows, fitting, rows * 2));
}
