import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, sentenceOf } from '../../errors.ts';
import { copyDatabase } from './copy-database.ts';
import { syncPath } from './file-sync.ts';

/** Copies made before a migration that are kept; older ones go. */
const copiesKept = 3;

/** The names of the migrations that a database has had, in order; empty for a new one. */
export function listExecuted(connection: DatabaseSync): string[] {
  const table = connection.prepare(`select name from sqlite_master where name = 'kysely_migration'`).get();
  if (table === undefined) return [];
  const rows = connection.prepare('select name from kysely_migration order by name').all();
  return rows.map((row) => String(row['name']));
}

/** @throws AppError `conflict` where a newer Silkpost made the database, or one on the way to a release, with steps left out. */
export function refuseNewer(file: string, executed: readonly string[], known: readonly string[]): void {
  const foreign = executed.find((name) => !known.includes(name));
  const skipped = known.find((name, index) => index < executed.length && !executed.includes(name));
  if (foreign === undefined && skipped !== undefined) {
    throw new AppError(
      'conflict',
      `The database ${file} was made by a Silkpost on the way to a release: it has the schema ${executed.at(-1)} without ${skipped}, and can’t be brought up to date. Use that version, or put back a copy from before.`,
    );
  }
  if (foreign === undefined) return;
  throw new AppError(
    'conflict',
    `The database ${file} was made by a newer Silkpost: it has the schema ${foreign}, and this one knows up to ${known.at(-1)}. Use that version, or put back a copy from before.`,
  );
}

/**
 * Copies a database that is about to be migrated to `FILE.NAME`, where NAME is the last migration that it has had, and
 * keeps the newest three such copies. Does nothing for a new database, or one that is up to date.
 *
 * @returns the copy's path; null where there is nothing to migrate.
 * @throws AppError `unavailable` where it can't be copied: then it must not be migrated.
 */
export function copyBeforeMigration(
  file: string,
  executed: readonly string[],
  known: readonly string[],
): string | null {
  const last = executed.at(-1);
  if (last === undefined || known.every((name) => executed.includes(name))) return null;
  const copy = `${file}.${last}`;
  const draft = `${copy}.${process.pid}`;
  try {
    copyDatabase(file, draft);
    // Another process may have migrated it in the meantime: then it has made the copy, too.
    if (readExecuted(draft).length === executed.length) renameSync(draft, copy);
    else rmSync(draft);
    syncPath(dirname(file));
    removeOldCopies(file, known);
    return copy;
  } catch (error) {
    rmSync(draft, { force: true });
    throw new AppError(
      'unavailable',
      `The database ${file} has to be brought up to date, and can't be copied before: ${sentenceOf(error)}. Make room beside it.`,
      { cause: error },
    );
  }
}

function readExecuted(file: string): string[] {
  const connection = new DatabaseSync(file, { readOnly: true });
  try {
    return listExecuted(connection);
  } finally {
    connection.close();
  }
}

function removeOldCopies(file: string, known: readonly string[]): void {
  const folder = dirname(file);
  const names = new Set(known.map((name) => `${basename(file)}.${name}`));
  const copies = readdirSync(folder)
    .filter((name) => names.has(name))
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of copies.slice(copiesKept)) rmSync(path);
}
