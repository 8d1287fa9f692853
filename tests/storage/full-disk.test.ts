import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.ts';
import { NoRoomError } from '../../src/errors.ts';
import { connectionOf, inTransaction } from '../../src/storage/database/database.ts';
import { openDatabase } from '../../src/storage/index.ts';
import { statusOf } from '../../src/web/error-status.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a database on a full disk', () => {
  it('says so, keeps nothing of what was begun, and goes on once there is room', async () => {
    const { path } = await temporaryFolder();
    const database = await openDatabase(join(path, 'silkpost.db'));
    onTestFinished(() => database.destroy());
    const connection = connectionOf(database);
    connection.exec('create table heap (bytes blob)');
    await sql`pragma max_page_count = 1`.execute(database); // SQLite makes that the pages there are
    const heap = 'insert into heap values (zeroblob(1000000))';
    const tries = [
      () => sql.raw(heap).execute(database),
      () => database.transaction().execute((tx) => sql.raw(heap).execute(tx)),
      () => inTransaction(database, async () => connection.exec(heap)),
    ];
    for (const attempt of tries) {
      const error: unknown = await attempt().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(NoRoomError);
      expect([exitCodeOf(error), statusOf(error)]).toEqual([exitCodes.fault, 503]);
    }
    await sql`pragma max_page_count = 1000000`.execute(database);
    await inTransaction(database, async () => connection.exec(heap));
    expect(connection.prepare('select count(*) as count from heap').get()).toEqual({ count: 1 });
  });
});
