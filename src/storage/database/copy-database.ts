import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { syncPath } from './file-sync.ts';

/**
 * Copies a database as it is at one moment, while others read and write, into a file that only its owner may read. It is
 * durable when this returns, and not there where it throws. Whoever writes meanwhile isn't held up, however long it takes.
 *
 * @param copy must not exist.
 */
export function copyDatabase(file: string, copy: string): void {
  // SQLite takes an empty file as it is: with its mode.
  closeSync(openSync(copy, 'wx', 0o600));
  try {
    const connection = new DatabaseSync(file, { readOnly: true });
    try {
      connection.prepare('vacuum into ?').run(copy);
    } finally {
      connection.close();
    }
    syncPath(copy);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}
