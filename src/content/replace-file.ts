import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces what a file holds at once and for good, its mode kept: whoever reads meanwhile gets the old bytes or the new
 * ones. `change` is given the bytes; null leaves the file alone. A file that is saved by somebody else meanwhile is left
 * alone too.
 *
 * @returns whether it was replaced.
 */
export async function replaceFile(file: string, change: (bytes: Buffer) => Buffer | null): Promise<boolean> {
  // The file itself, where this is a link to it.
  const path = await realpath(file);
  const source = await open(path);
  // Hidden, so that nobody takes it for an article.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    const before = await source.stat();
    const bytes = change(await source.readFile());
    if (bytes === null) return false;
    const target = await open(temporary, 'wx', before.mode);
    try {
      await target.chmod(before.mode & 0o7777);
      await target.writeFile(bytes);
      await target.sync();
    } finally {
      await target.close();
    }
    // By its path: editors too write another file and put it in the place of the first.
    const after = await stat(file);
    const same = after.ino === before.ino && after.mtimeMs === before.mtimeMs && after.size === before.size;
    if (!same) return false;
    await rename(temporary, path);
    return true;
  } finally {
    await source.close();
    await rm(temporary, { force: true });
  }
}
