import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

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
  const path = await realpath(await mkdtemp(join(tmpdir(), 'silkpost-')));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
