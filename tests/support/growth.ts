const rounds = 5;
/** Some systems count a thread's CPU in steps of milliseconds: less than this, in microseconds, isn't told from none. */
const leastCpu = 20_000;

/**
 * How many times the CPU some work takes at eight times the size, against eight times at the size itself: about 1 where it
 * grows in step with the size, 8 where with its square.
 */
export async function growth(work: (size: number) => unknown, size: number): Promise<number> {
  await work(size); // compiled, as far as that goes
  let [apart, atOnce] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    apart += await cpuOf(async () => {
      for (let piece = 0; piece < 8; piece++) await work(size);
    });
    atOnce += await cpuOf(() => work(8 * size));
  }
  return atOnce / Math.max(apart, leastCpu);
}

/** Microseconds of this thread. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}
