import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDatabase, restoreBackup, writeBackup } from '../../../src/storage/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const now = '2026-11-27T08:00:00.000Z';

describe('restoreBackup', () => {
  it('changes nothing where a process has started while it copied', async () => {
    const { path } = await temporaryFolder();
    const database = join(path, 'silkpost.db');
    const backup = join(path, 'backup.db');
    await (await openDatabase(database)).destroy();
    const keys = [{ place: 'dkim:courier.test/s1', content: Buffer.from('a key') }];
    writeBackup({ database, keys, target: backup, now });
    const keyFile = join(path, 'secret.pem');
    let started: DatabaseSync | undefined;
    const restore = (): unknown =>
      restoreBackup({
        backup,
        database,
        data: path,
        // Asked once the backup is copied.
        findKeyFile() {
          started = new DatabaseSync(database);
          started.exec('pragma journal_mode = wal; begin; select * from sqlite_master');
          return keyFile;
        },
        now,
      });
    expect(restore).toThrow(/is in use/);
    expect(existsSync(keyFile)).toBe(false);
    started?.close();
    const left = (await readdir(path)).filter((name) => !/-(?:wal|shm)$/.test(name));
    expect(left.toSorted()).toEqual(['backup.db', 'silkpost.db']);
    const restored = restoreBackup({ backup, database, data: path, findKeyFile: () => keyFile, now });
    expect(restored.keptIn).not.toBeNull();
    expect(await readFile(keyFile, 'utf8')).toBe('a key');
  });
});
