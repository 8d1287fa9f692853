import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { AppError } from '../../errors.ts';
import { explained, tried } from './busy.ts';
import { NodeSqliteDialect } from './dialect.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;

const connections = new WeakMap<Database, DatabaseSync>();

/**
 * The connection under a database, for what is done so often that a query builder's share of it counts. Statements that
 * write belong into `inTransaction`; a lone one that reads may see what a transaction of this process is about to commit.
 */
export function connectionOf(database: Database): DatabaseSync {
  const connection = connections.get(database);
  if (!connection) throw new AppError('internal', 'Nobody opened this database.');
  return connection;
}

/** One transaction that waits for those at hand, like `database.transaction()` and with less ado. */
export function inTransaction<Result>(database: Database, work: (tx: Database) => Promise<Result>): Promise<Result> {
  const connection = connectionOf(database);
  return database.connection().execute(async (tx) => {
    tried(() => connection.exec('begin immediate'));
    try {
      const result = await work(tx);
      connection.exec('commit');
      return result;
    } catch (error) {
      if (connection.isTransaction) connection.exec('rollback');
      throw explained(error);
    }
  });
}

/** A database on a connection that nobody else uses. */
export function createDatabase(connection: DatabaseSync): Database {
  const database: Database = new Kysely<Schema>({ dialect: new NodeSqliteDialect(connection) });
  connections.set(database, connection);
  return database;
}
