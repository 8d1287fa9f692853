import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A hash of what the files of a folder of templates say: the same for the same text, wherever it was checked out. */
export async function templatesHash(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /\.(?:liquid|json)$/.test(name)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return createHash('sha256')
    .update(JSON.stringify(names.map((name, index) => [name, texts[index]])))
    .digest('hex')
    .slice(0, 32);
}
