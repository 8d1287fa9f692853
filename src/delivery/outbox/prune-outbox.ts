import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Instant, toMs } from '../../clock.ts';

/**
 * Removes what the outbox wrote before an instant, and folders that are empty then; nothing of the editions in `except`.
 * Returns the number of messages.
 */
export async function pruneOutbox(folder: string, before: Instant, except: ReadonlySet<string>): Promise<number> {
  let messages = 0;
  const folders = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const { name } of folders.filter((entry) => entry.isDirectory() && !except.has(entry.name))) {
    const inside = join(folder, name);
    for (const file of await readdir(inside)) {
      if (!/\.(eml|json|tmp)$/.test(file)) continue;
      const path = join(inside, file);
      if ((await stat(path)).mtimeMs >= toMs(before)) continue;
      await rm(path, { force: true });
      if (file.endsWith('.eml')) messages += 1;
    }
    await rmdir(inside).catch(() => {}); // there is something left in it
  }
  return messages;
}
