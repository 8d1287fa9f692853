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
import { isBusy, tried } from './busy.ts';

/** How long a writer waits for another process's transaction. */
const busyTimeoutMs = 60_000;

/** Opens a database file with the settings that the promise about sending rests on: WAL, FULL, foreign keys. */
export function openSqlite(file: string): DatabaseSync {
  const connection = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  turnOnWal(connection);
  connection.exec('PRAGMA synchronous = FULL;');
  return connection;
}

/** Two processes that make the file at once: SQLite refuses the second switch to WAL without waiting its timeout. */
function turnOnWal(connection: DatabaseSync): void {
  const deadline = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Kysely's SQLite dialect over node:sqlite, whose writers begin with BEGIN IMMEDIATE. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #connection: DatabaseSync;

  constructor(connection: DatabaseSync) {
    super({ database: adapt(connection) });
    this.#connection = connection;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#connection);
  }
}

/** A plain BEGIN that reads and then writes fails at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout. */
class ImmediateDriver extends SqliteDriver {
  readonly #connection: DatabaseSync;

  constructor(connection: DatabaseSync) {
    super({ database: adapt(connection) });
    this.#connection = connection;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** SQLite takes a transaction back by itself after an I/O error or on a full disk: that error is the one to be told. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** Statements that are kept prepared; the oldest goes when there are more. */
const maxPrepared = 200;

function adapt(connection: DatabaseSync): SqliteDatabase {
  const wrap = (statement: StatementSync, text: string): SqliteStatement => ({
    reader: statement.columns().length > 0,
    all: (parameters) => tried(() => statement.all(...bind(parameters))),
    run: (parameters) => tried(() => statement.run(...bind(parameters))),
    // A cursor stays open while others use the same text, so it gets a statement of its own.
    iterate: (parameters) => connection.prepare(text).iterate(...bind(parameters)) as IterableIterator<unknown>,
  });
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => connection.close(),
    prepare(text) {
      const known = prepared.get(text);
      if (known) return known;
      const made = wrap(connection.prepare(text), text);
      const [oldest] = prepared.keys();
      if (oldest !== undefined && prepared.size >= maxPrepared) prepared.delete(oldest);
      prepared.set(text, made);
      return made;
    },
  };
}

function bind(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (typeof value === 'boolean') return Number(value);
    if (value === undefined) return null;
    return value as SQLInputValue; // Kysely passes only what the schema's column types allow
  });
}
