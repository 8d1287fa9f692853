import { sql } from 'kysely';
import type { Keys, SubscriberStore } from '../../subscribers/index.ts';
import { createSubscriberStore } from '../readers/subscriber-store.ts';
import { openDatabase } from './open-database.ts';

/** What is needed to know what adding readers would come to. */
const tables = ['subscriber', 'subscription', 'suppression'];

/**
 * A store with the readers of a database as they are now, where anything may be tried: it is a file without a name, which
 * the system removes when it is closed, also by a crash.
 *
 * @param file of a database that is up to date.
 */
export async function openRehearsal(
  file: string,
  keys: Keys,
): Promise<{ readonly store: SubscriberStore; close(): Promise<void> }> {
  const database = await openDatabase('');
  try {
    await sql`attach ${file} as live`.execute(database);
    for (const table of tables) {
      await sql`insert into ${sql.table(table)} select * from ${sql.table(`live.${table}`)}`.execute(database);
    }
    await sql`
      insert into consent (subscriber_id, what, newsletters, lists, wording, lang, version, how, at)
      select subscriber_id, what, '[]', '{}', '', lang, '', how, at from live.consent where what = 'confirmed'`.execute(
      database,
    );
    await sql`detach live`.execute(database);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return { store: createSubscriberStore(database, keys), close: () => database.destroy() };
}
