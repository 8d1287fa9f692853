import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../../clock.ts';
import { AppError, sentenceOf } from '../../errors.ts';
import { type BackupAbout, checkIntegrity, discard, isBackup } from './backup.ts';
import { syncPath } from './file-sync.ts';
import { knownMigrations } from './open-database.ts';
import { listExecuted, refuseNewer } from './schema-guard.ts';

export interface RestoreInput {
  readonly backup: string;
  readonly database: string;
  /** The data folder: keys go there, and what is there now is kept in a folder in it. */
  readonly data: string;
  /** Where a `dkim:` key belongs by silkpost.yaml, or null. */
  readonly findKeyFile: (place: string) => string | null;
  readonly now: Instant;
}

export interface Restored extends BackupAbout {
  /** Folder with what was there before; null where there was nothing. */
  readonly keptIn: string | null;
  /** Keys that stand elsewhere by silkpost.yaml, where a file was there already or nothing names it any more. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a backup and checks it through: it is one, it is whole, and its schema is known.
 *
 * @throws AppError `not_found`, `invalid` or `conflict`, each with a sentence.
 */
export function readBackup(backup: string): BackupAbout {
  if (!existsSync(backup)) throw new AppError('not_found', `There is no file ${backup}.`);
  if (!isBackup(backup)) throw new AppError('invalid', `${backup} was not written by silkpost backup.`);
  const connection = new DatabaseSync(backup, { readOnly: true });
  try {
    checkIntegrity(connection, `The backup ${backup}`);
    refuseNewer(backup, listExecuted(connection), knownMigrations);
    return JSON.parse(String(connection.prepare('select about from backup_about').get()?.['about'])) as BackupAbout;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid', `The backup ${backup} is damaged: ${sentenceOf(error)}.`, { cause: error });
  } finally {
    connection.close();
  }
}

/**
 * Puts a backup's database and keys in place of the present ones, which are kept. The database is marked: what was being
 * sent, and each newsletter's next edition, is held when it is next used. Where something fails, all is as it was.
 *
 * @throws AppError `conflict` where a process has the present database open, `unavailable` where it can't be written.
 */
export function restoreBackup({ backup, database, data, findKeyFile, now }: RestoreInput): Restored {
  const about = readBackup(backup);
  refuseUsed(database);
  const draft = `${database}.${process.pid}`;
  const undo: (() => void)[] = [];
  try {
    mkdirSync(data, { recursive: true });
    mkdirSync(dirname(database), { recursive: true });
    copyFileSync(backup, draft);
    chmodSync(draft, 0o600);
    const keys = prepare(draft, now).map((key) => {
      const name = nameInData(key.place);
      return { ...key, name, file: name === null ? findKeyFile(key.place) : join(data, name) };
    });
    // Copying takes its time: a process that has started meanwhile would go on with the database that is put aside.
    refuseUsed(database);
    const aside = join(data, `before-restore-${now.replaceAll(':', '').slice(0, 17)}Z`);
    const kept = new Set<string>();
    const keep = (file: string, name: string): void => {
      if (!existsSync(file)) return;
      mkdirSync(dirname(join(aside, name)), { recursive: true, mode: 0o700 });
      renameSync(file, join(aside, name));
      undo.push(() => renameSync(join(aside, name), file));
      kept.add(name);
    };
    for (const end of ['', '-wal', '-shm', '-beat']) keep(`${database}${end}`, `${basename(database)}${end}`);
    const leftOut: string[] = [];
    for (const { place, content, name, file } of keys) {
      if (file === null || (name === null && existsSync(file))) {
        leftOut.push(place);
        continue;
      }
      if (name !== null) keep(file, name);
      mkdirSync(dirname(file), { recursive: true });
      undo.push(() => rmSync(file, { force: true }));
      writeFileSync(file, content, { mode: 0o600, flag: 'wx', flush: true });
    }
    renameSync(draft, database);
    syncPath(dirname(database));
    return { ...about, keptIn: kept.size > 0 ? aside : null, leftOut };
  } catch (error) {
    for (const step of undo.reverse()) step();
    if (error instanceof AppError) throw error;
    throw new AppError('unavailable', `Nothing was restored: ${sentenceOf(error)}.`, { cause: error });
  } finally {
    for (const end of ['', '-journal']) discard(`${draft}${end}`);
  }
}

/** Takes out of the copy what only a backup has, and marks it as restored. */
function prepare(draft: string, now: Instant): { readonly place: string; readonly content: Uint8Array }[] {
  const connection = new DatabaseSync(draft);
  try {
    const rows = connection.prepare('select place, content from backup_key order by place').all();
    // Else the keys stay readable in its free pages.
    connection.exec('pragma secure_delete = on');
    connection.exec('begin; drop table backup_key; drop table backup_about;');
    const { changes } = connection.prepare('update ledger_beat set restored_at = ?').run(now);
    if (changes === 0) {
      connection
        .prepare(`insert into ledger_beat (ledger, beats, at, beaten_by, restored_at) values (?, 0, ?, 'pass', ?)`)
        .run(randomUUID(), now, now);
    }
    connection.exec('commit');
    return rows.map(({ place, content }) => ({
      place: String(place),
      content: content instanceof Uint8Array ? content : new Uint8Array(),
    }));
  } finally {
    connection.close();
    syncPath(draft);
  }
}

/** The path in the data folder, or null for a key that belongs elsewhere. */
function nameInData(place: string): string | null {
  if (!place.startsWith('data:')) return null;
  const name = normalize(place.slice('data:'.length));
  if (name.startsWith('..') || name.startsWith('/')) {
    throw new AppError('invalid', `The backup holds a key for ${place}, outside the data folder.`);
  }
  return name;
}

/** SQLite gives up WAL only to a connection that is alone: whoever has the database open is found so, whatever it does. */
function refuseUsed(database: string): void {
  if (!existsSync(database)) return;
  let isUsed = false;
  try {
    const connection = new DatabaseSync(database, { timeout: 1000 });
    try {
      connection.exec('pragma journal_mode = delete');
    } catch (error) {
      isUsed = error instanceof Error && error.message.includes('locked');
    } finally {
      connection.close();
    }
  } catch {
    // No database that SQLite knows: it is what the backup is to replace.
  }
  if (isUsed) {
    throw new AppError('conflict', `${database} is in use. Stop Silkpost (start, serve, worker) before you restore.`);
  }
}
