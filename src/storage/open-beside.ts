import { createDatabase, type Database } from './database.ts';
import { openSqlite } from './dialect.ts';
import type { WriteTurn } from './write-turn.ts';

/**
 * One more connection to a database file that the program has open, for a thread of its own: node:sqlite keeps whatever
 * thread asks it until it has answered. The schema is that of the program.
 *
 * @param turn Shared with the connection that it writes in turn with; left out where it only reads.
 */
export function openBeside(file: string, turn?: WriteTurn): Database {
  return createDatabase(openSqlite(file), turn);
}
