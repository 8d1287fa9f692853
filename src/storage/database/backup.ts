import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../../clock.ts';
import { AppError, sentenceOf } from '../../errors.ts';
import { copyDatabase } from './copy-database.ts';
import { syncPath } from './file-sync.ts';
import { listExecuted } from './schema-guard.ts';

/** A key as a backup holds it. */
export interface BackupKey {
  /** `data:PATH` in the data folder, `dkim:DOMAIN/SELECTOR` for one that silkpost.yaml names elsewhere. */
  readonly place: string;
  readonly content: Buffer;
}

/** What a backup says of itself. */
export interface BackupAbout {
  readonly madeAt: Instant;
  /** Last migration. */
  readonly schema: string;
  readonly keys: readonly string[];
  readonly subscribers: number;
  readonly editions: number;
  readonly deliveries: number;
}

export interface BackupInput {
  readonly database: string;
  readonly keys: readonly BackupKey[];
  /** Where it goes; an earlier backup of that name is replaced, anything else isn't. */
  readonly target: string;
  readonly now: Instant;
}

/**
 * Writes the database as it is at one moment, and the keys, into one SQLite file of mode 0600: complete, checked and
 * durable, or not at all. The database may be in use.
 *
 * @throws AppError `not_found` where there is no database, `conflict` where the target is something else, `unavailable`
 *   where it can't be written.
 */
export function writeBackup({ database, keys, target, now }: BackupInput): BackupAbout & { readonly bytes: number } {
  if (!existsSync(database)) throw new AppError('not_found', `There is no database ${database} yet.`);
  if (existsSync(target)) {
    const isDatabase = realpathSync(target) === realpathSync(database);
    if (isDatabase || !isBackup(target)) {
      throw new AppError('conflict', `${target} is there and is no backup. Choose another name.`);
    }
  }
  const folder = dirname(target);
  const draft = join(folder, `.${basename(target)}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    copyDatabase(database, draft);
    const about = complete(draft, keys, now);
    syncPath(draft);
    renameSync(draft, target);
    syncPath(folder);
    return { ...about, bytes: statSync(target).size };
  } catch (error) {
    discard(draft);
    if (error instanceof AppError) throw error;
    throw new AppError('unavailable', `The backup ${target} can't be written: ${sentenceOf(error)}.`, { cause: error });
  }
}

function complete(draft: string, keys: readonly BackupKey[], now: Instant): BackupAbout {
  const copy = new DatabaseSync(draft);
  try {
    checkIntegrity(copy, 'The database');
    const schema = listExecuted(copy).at(-1);
    if (schema === undefined) throw new AppError('invalid', 'The database is empty: there is nothing to back up.');
    const count = (table: string): number => Number(copy.prepare(`select count(*) as n from ${table}`).get()?.['n']);
    const about: BackupAbout = {
      madeAt: now,
      schema,
      keys: keys.map(({ place }) => place),
      subscribers: count('subscriber'),
      editions: count('edition'),
      deliveries: count('delivery'),
    };
    copy.exec('begin; create table backup_about (about text not null);');
    copy.exec('create table backup_key (place text primary key, content blob not null)');
    copy.prepare('insert into backup_about (about) values (?)').run(JSON.stringify(about));
    const insert = copy.prepare('insert into backup_key (place, content) values (?, ?)');
    for (const { place, content } of keys) insert.run(place, content);
    copy.exec('commit');
    return about;
  } finally {
    copy.close();
  }
}

/** Removes a draft; what is in its way is what was in the way of the draft, and told of that. */
export function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Its folder can't be looked into.
  }
}

/** @throws AppError `invalid` where SQLite finds damage. */
export function checkIntegrity(connection: DatabaseSync, what: string): void {
  const [first] = connection.prepare('pragma integrity_check(1)').all();
  const said = String(first?.['integrity_check'] ?? 'no answer');
  if (said !== 'ok') throw new AppError('invalid', `${what} is damaged: ${said}.`);
}

export function isBackup(file: string): boolean {
  try {
    const connection = new DatabaseSync(file, { readOnly: true });
    try {
      return connection.prepare(`select 1 from sqlite_master where name = 'backup_about'`).get() !== undefined;
    } finally {
      connection.close();
    }
  } catch {
    return false; // no SQLite file
  }
}
