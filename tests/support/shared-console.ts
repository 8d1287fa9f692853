import { type ConsoleOptions, openConsole, type TestConsole } from './console.ts';
import { smallPublication } from './publication-folder.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** One console for a whole file of tests, for `beforeAll`. */
export async function openSharedConsole(
  closeLater: (close: () => Promise<void>) => void,
  options: Omit<ConsoleOptions, 'folder' | 'closeLater'> = {},
): Promise<TestConsole> {
  const folder = await createTemporaryFolder();
  closeLater(() => folder.remove());
  return openConsole({ ...options, folder: await smallPublication(folder.path), closeLater });
}
