import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Has a child end when the bench does, also when a signal ends that one. */
export function endWithBench(child: ChildProcess): void {
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  // Ahead of the removal of the folder that the child may be writing to.
  process.prependListener('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

/** SIGTERM, and SIGKILL for one that hasn't ended 15 seconds later. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(patience);
}
