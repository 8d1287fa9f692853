import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * Where a path below a folder really lies; null where nothing is there, or a link leads out of the folder.
 *
 * @param path from the folder, with forward slashes.
 */
export function realPathInside(folder: string, path: string): string | null {
  try {
    const real = realpathSync(join(folder, path));
    return real.startsWith(realpathSync(folder) + sep) ? real : null;
  } catch {
    return null; // there is nothing
  }
}
