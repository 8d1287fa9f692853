import { type FSWatcher, watch } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderWatcher {
  close(): void;
}

/**
 * Watches a folder and all folders in it: one watch a folder, not one a file, so that a hundred thousand articles need
 * no more of the system than a hundred.
 *
 * @param onChange A path relative to the folder; null where folders came or went, so that anything may have changed.
 * @param onError The system has no watches left, or takes none; nothing more is said after it.
 */
export async function watchFolders(
  root: string,
  onChange: (path: string | null) => void,
  onError: (error: unknown) => void,
): Promise<FolderWatcher> {
  const watchers = new Map<string, FSWatcher>();
  let over = false;

  const forget = (folder: string): void => {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  const close = (): void => {
    over = true;
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };
  const fail = (error: unknown): void => {
    if (over) return;
    close();
    onError(error);
  };
  const add = async (folder: string): Promise<void> => {
    if (over || watchers.has(folder)) return;
    try {
      const watcher = watch(join(root, folder), (_event, name) => {
        if (name === null) return onChange(null);
        const path = folder === '' ? name : `${folder}/${name}`;
        onChange(path);
        void look(path);
      });
      // A folder that is removed ends its watch with an error on some systems.
      watcher.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPERM' ? forget(folder) : fail(error)));
      watchers.set(folder, watcher);
    } catch (error) {
      // A folder that has gone meanwhile needs no watch.
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (folder === '' || !isGone) fail(error);
      return;
    }
    // Listed once it is watched, so that nothing that is made between the two is missed.
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    for (const { name } of folders) await add(folder === '' ? name : `${folder}/${name}`);
  };
  /** A new folder is watched, and what came into it meanwhile is looked for. */
  const look = async (path: string): Promise<void> => {
    const known = watchers.has(path);
    const entries = await readdir(join(root, path)).catch(() => null);
    if (entries === null && known) {
      forget(path);
      onChange(null);
    } else if (entries !== null && !known) {
      await add(path);
      onChange(null);
    } else if (entries === null) {
      await access(root).catch(fail);
    }
  };
  await add('');
  if (!over && !watchers.has('')) fail(new Error('It isn’t there.'));
  return { close };
}
