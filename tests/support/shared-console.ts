import { afterAll } from 'vitest';
import { type ConsoleOptions, openConsole, type TestConsole } from './console.ts';
import { smallPublication } from './publication-folder.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** One console for a whole file of tests, for `beforeAll`; it ends with the file’s last test. */
export async function openSharedConsole(
  options: Omit<ConsoleOptions, 'folder' | 'closeLater'> = {},
): Promise<TestConsole> {
  const folder = await createTemporaryFolder();
  afterAll(() => folder.remove());
  const dir = await smallPublication(folder.path);
  // Later hooks run first.
  return openConsole({ ...options, folder: dir, closeLater: (close) => afterAll(close) });
}
