import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { createImportRoom } from '../../src/rooms/import-room.ts';
import { openReaderStore } from '../support/reader-store.ts';

const choices = { languages: ['en'], countries: [], topics: [], newsletters: ['weekly'] };
const file = (): Readable => Readable.from([Buffer.from('email\nann@example.com\n')]);

describe('the import room', () => {
  it('logs that an import’s end can’t be kept, and goes on', async () => {
    const { database, store, folder } = await openReaderStore();
    const error = vi.fn();
    const room = createImportRoom({
      database,
      store: {
        async addSubscribers(subscribers, now) {
          await sql`alter table import_job rename to away`.execute(database);
          return store.addSubscribers(subscribers, now);
        },
      },
      choices,
      folder: join(folder, 'imports'),
      clock: systemClock,
      log: { ...silentLog, error },
    });
    await room.take('readers.csv', file());
    expect(await room.start(1, { consent: 'They asked.', newsletters: ['weekly'] })).toBe(true);
    const message = expect.stringMatching(/^The end of an import couldn’t be kept: /);
    await vi.waitFor(() => expect(error).toHaveBeenCalledWith('problem', { message }), { timeout: 30_000 });
    await room.close();
    await sql`alter table away rename to import_job`.execute(database);
    expect((await room.find())?.state).toBe('running');
  });

  it('keeps nothing of a file that is longer than one may be, and reads no more of it', async () => {
    const { database, store, folder } = await openReaderStore();
    const imports = join(folder, 'imports');
    const about = { database, store, choices, folder: imports, clock: systemClock, log: silentLog };
    const room = createImportRoom({ ...about, largestFile: 2 * 1024 * 1024 });
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('email\n');
      for (; sent < 64; sent += 1) yield Buffer.alloc(1024 * 1024, 'a\n');
    }
    await expect(room.take('readers.csv', endless())).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('longer than 2 MB'),
    });
    expect(sent).toBeLessThan(4);
    expect(await readdir(imports)).toEqual([]);
    expect(await room.find()).toBeNull();
  });
});
