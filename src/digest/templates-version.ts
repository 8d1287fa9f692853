import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Text that changes where a file in the folder of templates does. */
export async function templatesVersion(folder: string): Promise<string> {
  const names = (await readdir(folder)).toSorted();
  const about = names.map(async (name) => {
    const { size, mtimeMs } = await stat(join(folder, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(about)).join('\n');
}
