/** Milliseconds of the quickest of five runs: what the work takes, without what else the machine was doing. */
export function leastTime(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
