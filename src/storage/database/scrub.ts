import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import type { Database } from './database.ts';

/** How long to wait for others; whoever waits here holds its thread up. */
const patienceMs = 2000;

/**
 * Writes the database file anew where readers were erased since it last was, and empties its log: what was overwritten or
 * deleted stands in neither afterwards. Needs as much room again in the log, and in a temporary file too, and keeps other
 * writers waiting for some seconds a gigabyte.
 *
 * @returns false where somebody else was in the way, so that it has to be tried again.
 */
export async function scrub(database: Database): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`select id from subscriber where remnants = 1`.execute(database);
  if (rows.length === 0) return true;
  if (!rewrite(await fileOf(database))) return false;
  await sql`
    update subscriber set remnants = 0
    where remnants = 1 and id in (select value from json_each(${JSON.stringify(rows.map(({ id }) => id))}))`.execute(
    database,
  );
  return true;
}

function rewrite(file: string): boolean {
  // Not the connection at hand: its waits are long, and what it is asked for meanwhile would come in between.
  const connection = new DatabaseSync(file, { timeout: patienceMs });
  try {
    connection.exec('pragma synchronous = full');
    connection.exec('vacuum');
    return emptyLog(connection);
  } catch (error) {
    if (error instanceof Error && error.message.includes('locked')) return false;
    // It keeps the size that it came to: on a disk that it has filled there would be no room for anything.
    emptyLog(connection);
    throw error;
  } finally {
    connection.close();
  }
}

/** False where somebody still reads what is in it. */
function emptyLog(connection: DatabaseSync): boolean {
  return connection.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'] === 0;
}

async function fileOf(database: Database): Promise<string> {
  const { rows } = await sql<{ name: string; file: string }>`pragma database_list`.execute(database);
  return rows.find(({ name }) => name === 'main')?.file ?? '';
}
