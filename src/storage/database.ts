import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { AppError, sentenceOf } from '../errors.ts';
import { NodeSqliteDialect, openSqlite } from './dialect.ts';
import { first } from './migrations/0001-first.ts';
import { hubPings } from './migrations/0002-hub-pings.ts';
import { publishing } from './migrations/0003-publishing.ts';
import { engine } from './migrations/0004-engine.ts';
import { bounces } from './migrations/0005-bounces.ts';
import { upkeep } from './migrations/0006-upkeep.ts';
import { packedArticles } from './migrations/0007-packed-articles.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;

const migrations: Readonly<Record<string, Migration>> = {
  '0001_first': first,
  '0002_hub_pings': hubPings,
  '0003_publishing': publishing,
  '0004_engine': engine,
  '0005_bounces': bounces,
  '0006_upkeep': upkeep,
  '0007_packed_articles': packedArticles,
};

const provider: MigrationProvider = { getMigrations: async () => ({ ...migrations }) };

/**
 * Opens the database file, making it and its folder where needed, and brings its schema up to date.
 *
 * @throws AppError `unavailable` where the file can't be opened or written, `conflict` where a newer Silkpost made it.
 */
export async function openDatabase(file: string): Promise<Database> {
  let connection: DatabaseSync;
  try {
    mkdirSync(dirname(file), { recursive: true });
    connection = openSqlite(file);
  } catch (error) {
    throw new AppError('unavailable', `The database ${file} can't be opened: ${sentenceOf(error)}.`, { cause: error });
  }
  const database: Database = new Kysely<Schema>({ dialect: new NodeSqliteDialect(connection) });
  const error = await migrate(connection, database);
  if (error !== null) {
    await database.destroy();
    const sentence = sentenceOf(error);
    if (sentence.includes('corrupted migrations')) {
      throw new AppError('conflict', `The database ${file} was made by a newer Silkpost. Use that version.`, {
        cause: error,
      });
    }
    throw new AppError('unavailable', `The database ${file} can't be brought up to date: ${sentence}.`, {
      cause: error,
    });
  }
  return database;
}

/**
 * Brings the schema up to date, or returns what went wrong. Kysely takes no lock on SQLite and begins no transaction:
 * the one around it lets a second process wait for the first, and leaves nothing half done.
 */
async function migrate(connection: DatabaseSync, database: Database): Promise<unknown> {
  try {
    connection.exec('begin immediate');
  } catch (error) {
    return error;
  }
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
  connection.exec(error ? 'rollback' : 'commit');
  return error ?? null;
}
