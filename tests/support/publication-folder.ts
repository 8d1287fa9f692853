import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of the sample publication that a test may change; removed when the test ends. */
export async function samplePublication(): Promise<string> {
  const folder = (await temporaryFolder()).path;
  for (const name of ['silkpost.yaml', 'content', 'templates', 'logo.png', 'icon.png']) {
    await cp(join(repository, name), join(folder, name), { recursive: true });
  }
  return folder;
}
