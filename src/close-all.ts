/** Takes one step after the other; whatever one fails with, the others are taken too, and then the first fault is thrown. */
export async function closeAll(steps: readonly (() => Promise<void> | void)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
}
