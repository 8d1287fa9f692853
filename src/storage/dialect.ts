import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';

/** How long a writer waits for another process's transaction. */
const busyTimeoutMs = 60_000;

/** Opens a database file with the settings that the promise about sending rests on: WAL, FULL, foreign keys. */
export function openSqlite(file: string): DatabaseSync {
  const connection = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return connection;
}

/** Kysely's SQLite dialect over node:sqlite, whose writers begin with BEGIN IMMEDIATE. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #connection: DatabaseSync;

  constructor(connection: DatabaseSync) {
    super({ database: adapt(connection) });
    this.#connection = connection;
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: adapt(this.#connection) });
  }
}

/** A plain BEGIN that reads and then writes fails at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

function adapt(connection: DatabaseSync): SqliteDatabase {
  const wrap = (statement: StatementSync): SqliteStatement => ({
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)) as IterableIterator<unknown>,
  });
  return { close: () => connection.close(), prepare: (text) => wrap(connection.prepare(text)) };
}

function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (typeof value === 'boolean') return Number(value);
    if (value === undefined) return null;
    return value as SQLInputValue; // Kysely passes only what the schema's column types allow
  });
}
