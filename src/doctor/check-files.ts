import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isLoose } from '../delivery/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Finding } from '../operators/index.ts';
import { findingsOf } from './finding.ts';

const disk = findingsOf('disk');
const permissions = findingsOf('permissions');
const leastFreeBytes = 200_000_000;
const goodFreeBytes = 1_000_000_000;

/** Room for the ledger and the feeds: a full disk stops sending. */
export async function checkDisk(folders: readonly string[]): Promise<Finding[]> {
  return Promise.all(
    folders.map(async (folder) => {
      const { bavail, bsize, ffree, files } = await statfs(await nearestThere(folder));
      const free = bavail * bsize;
      const shown = `${(free / 1e9).toFixed(1)} GB free`;
      if (files > 0 && ffree < 1000)
        return disk.fault(`${folder} has room for only ${ffree} more files.`, 'Make room.');
      if (free < leastFreeBytes) return disk.fault(`${folder} has ${shown}; a full disk stops sending.`, 'Make room.');
      if (free < goodFreeBytes) return disk.warning(`${folder} has ${shown}.`, 'Make room before it is full.');
      return disk.ok(`${folder} has ${shown}.`);
    }),
  );
}

export interface FilesToCheck {
  readonly contentDir: string;
  readonly publicDir: string;
  readonly dataDir: string;
  readonly database: string;
  /** Further secrets, such as keys that sign. */
  readonly secrets: readonly string[];
}

/** Secrets and readers are nobody else's, content can be read, and what is written can be. */
export async function checkPermissions(files: FilesToCheck): Promise<Finding[]> {
  const { contentDir, publicDir, dataDir, database, secrets } = files;
  const found: Finding[] = [];
  const own = ['link.key', 'address.key', 'operators.key'].map((name) => join(dataDir, name));
  const keys = (await listFolder(join(dataDir, 'keys'))).map((name) => join(dataDir, 'keys', name));
  for (const file of new Set([...own, ...keys, ...secrets])) {
    if (!(await isThere(file)) || !(await isLoose(file))) continue;
    found.push(permissions.warning(`Others on this machine can read the key ${file}.`, `Say: chmod 600 ${file}`));
  }
  if ((await isThere(database)) && (await isLoose(database)) && (await isLoose(dirname(database)))) {
    const named = `Others on this machine can read the database ${database}, with every reader’s address.`;
    found.push(permissions.warning(named, `Say: chmod 700 ${dirname(database)}`));
  }
  for (const [folder, mode, verb] of [
    [contentDir, constants.R_OK | constants.X_OK, 'read'],
    [publicDir, constants.W_OK | constants.X_OK, 'written'],
    [dataDir, constants.W_OK | constants.X_OK, 'written'],
  ] as const) {
    try {
      await access(await nearestThere(folder), mode);
    } catch (error) {
      const fix = `Let the user that runs Silkpost have it: chown -R silkpost ${folder}`;
      found.push(permissions.fault(`${folder} can’t be ${verb} (${sentenceOf(error)}).`, fix));
    }
  }
  if (found.length > 0) return found;
  return [permissions.ok('Keys and readers are nobody else’s, content can be read, public and data folders written.')];
}

/** The folder itself, or what it will be made in. */
async function nearestThere(folder: string): Promise<string> {
  let at = folder;
  while (!(await isThere(at)) && dirname(at) !== at) at = dirname(at);
  return at;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return []; // no key was made yet, or another finding says why it can't be read
  }
}
