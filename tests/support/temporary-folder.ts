import { existsSync, statfsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** In memory where a system has that: on a disk, most of the tests' time would be spent on waiting for what SQLite syncs. */
const root = hasRoom('/dev/shm', 2 * 1024 ** 3) ? '/dev/shm' : tmpdir();

export interface TemporaryFolder {
  /** Absolute, without links in it. */
  readonly path: string;
  /** Removes it before the test's end, where a test wants that. */
  remove(): Promise<void>;
}

/** A new empty folder that goes when the running test ends. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const folder = await createTemporaryFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

/** The same for `beforeAll`: whoever makes it removes it. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(root, 'silkpost-')));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

function hasRoom(path: string, bytes: number): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize >= bytes;
}
