import { Kysely } from 'kysely';
import type { Database } from './database.ts';
import { NodeSqliteDialect, openSqlite } from './dialect.ts';
import type { Schema } from './schema.ts';

/**
 * One more connection to a database file that the program has open, for a thread of its own: node:sqlite keeps whatever
 * thread asks it until it has answered. The schema is that of the program.
 */
export function openBeside(file: string): Database {
  return new Kysely<Schema>({ dialect: new NodeSqliteDialect(openSqlite(file)) });
}
