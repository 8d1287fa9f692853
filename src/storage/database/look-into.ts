import { sql } from 'kysely';
import { AppError } from '../../errors.ts';
import type { Database } from './database.ts';
import { knownMigrations, openDatabase } from './open-database.ts';

/** What tells who gets an edition and what went out before: read where it stands, however much it is. */
const lent = [
  'subscriber',
  'subscription',
  'edition',
  'edition_story',
  'edition_variant',
  'edition_count',
  'delivery',
] as const;

/**
 * A new database in `file` that knows the articles of another one and sees its readers and editions: for trying out what
 * would go out. Nothing is written into the other one.
 *
 * @throws AppError `conflict` where that isn't of this version.
 */
export async function openLookingInto(live: string, file: string): Promise<Database> {
  const database = await openDatabase(file);
  try {
    await sql`attach ${live} as live`.execute(database);
    const { rows } = await sql<{ name: string }>`select name from live.kysely_migration order by name`.execute(
      database,
    );
    if (rows.map(({ name }) => name).join() !== knownMigrations.join()) {
      throw new AppError(
        'conflict',
        `The database ${live} isn’t of this version. silkpost build brings it up to date.`,
      );
    }
    await sql`insert into article select * from live.article`.execute(database);
    for (const table of lent) {
      // A view in `temp` is found before the table of the same name.
      await sql`create temp view ${sql.table(table)} as select * from ${sql.table(`live.${table}`)}`.execute(database);
      // The ledger prepares at once what it may have to write.
      for (const act of ['insert', 'update', 'delete']) {
        await sql`create temp trigger ${sql.id(`no_${act}_${table}`)} instead of ${sql.raw(act)} on ${sql.table(table)}
          begin select raise(abort, 'it is only looked at'); end`.execute(database);
      }
    }
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return database;
}
