import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { AppError, sentenceOf } from '../../errors.ts';
import { type Log, silentLog } from '../../log.ts';
import { first } from '../migrations/0001-first.ts';
import { hubPings } from '../migrations/0002-hub-pings.ts';
import { publishing } from '../migrations/0003-publishing.ts';
import { engine } from '../migrations/0004-engine.ts';
import { bounces } from '../migrations/0005-bounces.ts';
import { upkeep } from '../migrations/0006-upkeep.ts';
import { packedArticles } from '../migrations/0007-packed-articles.ts';
import { readers } from '../migrations/0008-readers.ts';
import { wishes } from '../migrations/0009-wishes.ts';
import { audience } from '../migrations/0010-audience.ts';
import { erasedReaders } from '../migrations/0011-erased-readers.ts';
import { relayTrouble } from '../migrations/0012-relay-trouble.ts';
import { onceByVariant } from '../migrations/0013-once-by-variant.ts';
import { operators } from '../migrations/0014-operators.ts';
import { arrangement } from '../migrations/0015-arrangement.ts';
import { byHand } from '../migrations/0016-by-hand.ts';
import { aftermath } from '../migrations/0017-aftermath.ts';
import { readerSearch } from '../migrations/0018-reader-search.ts';
import { readerCounts } from '../migrations/0019-reader-counts.ts';
import { feedPolls } from '../migrations/0020-feed-polls.ts';
import { approval } from '../migrations/0021-approval.ts';
import { editionLists } from '../migrations/0022-edition-lists.ts';
import { openedBy } from '../migrations/0023-opened-by.ts';
import { returnedLetters } from '../migrations/0026-returned-letters.ts';
import { leanLedger } from '../migrations/0027-lean-ledger.ts';
import { toldBefore } from '../migrations/0028-told-before.ts';
import { createDatabase, type Database } from './database.ts';
import { openSqlite } from './dialect.ts';
import { copyBeforeMigration, listExecuted, refuseNewer } from './schema-guard.ts';

const migrations: Readonly<Record<string, Migration>> = {
  '0001_first': first,
  '0002_hub_pings': hubPings,
  '0003_publishing': publishing,
  '0004_engine': engine,
  '0005_bounces': bounces,
  '0006_upkeep': upkeep,
  '0007_packed_articles': packedArticles,
  '0008_readers': readers,
  '0009_wishes': wishes,
  '0010_audience': audience,
  '0011_erased_readers': erasedReaders,
  '0012_relay_trouble': relayTrouble,
  '0013_once_by_variant': onceByVariant,
  '0014_operators': operators,
  '0015_arrangement': arrangement,
  '0016_by_hand': byHand,
  '0017_aftermath': aftermath,
  '0018_reader_search': readerSearch,
  '0019_reader_counts': readerCounts,
  '0020_feed_polls': feedPolls,
  '0021_approval': approval,
  '0022_edition_lists': editionLists,
  '0023_opened_by': openedBy,
  '0026_returned_letters': returnedLetters,
  '0027_lean_ledger': leanLedger,
  '0028_told_before': toldBefore,
};

/** Their names, in order. */
export const knownMigrations: readonly string[] = Object.keys(migrations);

const provider: MigrationProvider = { getMigrations: async () => ({ ...migrations }) };

/**
 * It holds every reader's address. SQLite takes an empty file as it is, with its mode, also for the log beside it; one
 * without a name it makes by itself.
 */
function makeFile(file: string): void {
  if (file === '' || existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/**
 * Opens the database file, making it and its folder where needed, and brings its schema up to date.
 *
 * @param log hears of it as `upgrade` where an older version made the file.
 * @throws AppError `unavailable` where the file can't be opened or written, `conflict` where a newer Silkpost made it.
 */
export async function openDatabase(file: string, log: Pick<Log, 'info'> = silentLog): Promise<Database> {
  let connection: DatabaseSync;
  try {
    makeFile(file);
    connection = openSqlite(file);
  } catch (error) {
    throw new AppError('unavailable', `The database ${file} can't be opened: ${sentenceOf(error)}.`, { cause: error });
  }
  const database = createDatabase(connection);
  try {
    const executed = listExecuted(connection);
    refuseNewer(file, executed, knownMigrations);
    const copy = copyBeforeMigration(file, executed, knownMigrations);
    if (copy !== null) {
      const message = `The database ${file} is of an older Silkpost and is brought up to date. As it was it stands in ${copy}.`;
      log.info('upgrade', { copy, message });
    }
    await migrate(connection, database);
  } catch (error) {
    await database.destroy();
    if (error instanceof AppError) throw error;
    throw new AppError('unavailable', `The database ${file} can't be brought up to date: ${sentenceOf(error)}.`, {
      cause: error,
    });
  }
  return database;
}

/**
 * Brings the schema up to date. Kysely takes no lock on SQLite and begins no transaction: the one around it lets a second
 * process wait for the first, and leaves nothing half done.
 */
async function migrate(connection: DatabaseSync, database: Database): Promise<void> {
  connection.exec('begin immediate');
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
  connection.exec(error ? 'rollback' : 'commit');
  if (error) throw error;
}
