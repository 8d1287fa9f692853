import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** A third of what others get: on a machine that others keep busy it must come to an end too. */
const nice = 5;

/**
 * Lets the calling thread come after those that answer people, when there is more to do than the machine has cores. Linux
 * alone tells threads apart; elsewhere it does nothing.
 */
export function giveWay(): void {
  try {
    // `1234/task/5678`: setpriority(2) takes a thread’s number there as it takes a process’s.
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), nice);
  } catch {
    // No Linux, or a container that keeps it: the thread goes on as all others do.
  }
}
