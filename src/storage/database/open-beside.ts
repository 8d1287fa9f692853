import { createDatabase, type Database } from './database.ts';
import { openSqlite } from './dialect.ts';

/**
 * One more connection to a database file that the program has open, for a thread of its own that only reads: node:sqlite
 * keeps whatever thread asks it until it has answered. The schema is that of the program.
 */
export function openBeside(file: string): Database {
  return createDatabase(openSqlite(file));
}
