import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { AppError } from '../errors.ts';
import { NodeSqliteDialect } from './dialect.ts';
import type { Schema } from './schema.ts';
import { WriteTurn } from './write-turn.ts';

export type Database = Kysely<Schema>;

/** What is under a database. */
interface Opened {
  readonly connection: DatabaseSync;
  readonly turn: WriteTurn;
}

const allOpened = new WeakMap<Database, Opened>();

function openedOf(database: Database): Opened {
  const opened = allOpened.get(database);
  if (!opened) throw new AppError('internal', 'Nobody opened this database.');
  return opened;
}

/**
 * The connection under a database, for what is done so often that a query builder's share of it counts. Statements that
 * write belong into `inTransaction`; a lone one that reads may see what a transaction of this process is about to commit.
 */
export function connectionOf(database: Database): DatabaseSync {
  return openedOf(database).connection;
}

/** What a thread needs to open a connection beside this one and write in turn with it. */
export interface DatabasePlace {
  readonly file: string;
  readonly turns: SharedArrayBuffer;
}

export function placeOf(database: Database): DatabasePlace {
  const { connection, turn } = openedOf(database);
  return { file: connection.location() ?? '', turns: turn.shared };
}

/** One transaction that waits for those at hand, like `database.transaction()` and with less ado. */
export function inTransaction<Result>(database: Database, work: (tx: Database) => Promise<Result>): Promise<Result> {
  const { connection, turn } = openedOf(database);
  return database.connection().execute(async (tx) => {
    await turn.take();
    try {
      connection.exec('begin immediate');
      const result = await work(tx);
      connection.exec('commit');
      return result;
    } catch (error) {
      if (connection.isTransaction) connection.exec('rollback');
      throw error;
    } finally {
      turn.pass();
    }
  });
}

/** Whose turn it is to write. */
export function turnOf(database: Database): WriteTurn {
  return openedOf(database).turn;
}

/** A database on a connection that nobody else uses. */
export function createDatabase(connection: DatabaseSync, turn: WriteTurn = new WriteTurn(1)): Database {
  const database: Database = new Kysely<Schema>({ dialect: new NodeSqliteDialect(connection, turn) });
  allOpened.set(database, { connection, turn });
  return database;
}
