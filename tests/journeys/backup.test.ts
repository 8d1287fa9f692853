import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost, startSilkpost } from '../support/silkpost-process.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';

async function publication(readers: number): Promise<string> {
  const dir = await smallPublication();
  const text =
    '---\ntitle: About a bridge\nsummary: What happened.\ndate: 2026-01-02\ncountries: [georgia]\n---\n\nText.\n';
  await writeFile(join(dir, 'content', 'bridge.md'), text);
  const app = await openApp(readConfig({ dir, environment: {} }));
  const reader = { name: null, languages: ['en'], countries: [], topics: [], timezone: null, newsletters: ['weekly'] };
  const consent = { source: 'operator', consent: 'test', sample: false } as const;
  await app.subscribers.addSubscribers(
    Array.from({ length: readers }, (_, index) => ({ ...reader, ...consent, email: `reader${index}@courier.test` })),
    app.clock.now(),
  );
  await app.close();
  return dir;
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 60_000, interval: 20 }).toBe(true);
}

const receivers = (sink: SmtpSink): string[] => sink.received.map(({ to }) => to);

describe('backup, while an edition is going out, and restore', () => {
  it('send nothing twice by themselves, and account for every reader', { timeout: 180_000 }, async () => {
    const readers = 120;
    const dir = await publication(readers);
    const sink = await startSmtpSink({ script: ({ phase }) => (phase === 'dot' ? { afterMs: 100 } : null) });
    const relay = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` };
    const silkpost = (...words: string[]) => runSilkpost([...words, '--dir', dir], relay);

    const first = await startSilkpost(['start', '--dir', dir], relay);
    const sent = await silkpost('send', 'weekly', '--articles', 'bridge', '--yes', '--detach');
    const id = sent.stdout.trim();
    await until(() => sink.accepted.length >= 10);
    const backup = await silkpost('backup', 'copy.db');
    expect(backup.stderr).toContain(`${readers} readers, 1 edition with ${readers} deliveries, 3 keys`);
    expect(backup.code).toBe(0);
    const atBackup = sink.accepted.length;
    await until(() => sink.accepted.length >= Math.min(readers, atBackup + 10));

    expect((await silkpost('restore', 'copy.db', '--yes')).stderr).toContain('is in use');
    first.kill('SIGKILL');
    await first.ended;
    await until(() => sink.open === 0);
    const before = receivers(sink);
    const restored = await silkpost('restore', 'copy.db', '--yes');
    expect(restored.stderr).toContain('will be held');
    expect(restored.code).toBe(0);

    const second = await startSilkpost(['start', '--dir', dir], relay);
    await second.waitFor((line) => line.event === 'edition' && line['state'] === 'held');
    expect((await silkpost('run')).stderr).toContain('No edition is due');
    const { state, reason, counts } = JSON.parse((await silkpost('editions', 'show', id, '--json')).stdout);
    expect([state, reason]).toEqual(['held', 'restored']);
    const { candidates, ...parts } = counts;
    expect(Object.values(parts).reduce((sum: number, part) => sum + Number(part), 0)).toBe(candidates);
    expect(receivers(sink)).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
    second.kill('SIGTERM');
    await second.ended;
  });
});

describe('silkpost backup', () => {
  it('writes one file that only its owner reads, with the keys, and replaces an earlier one', async () => {
    const dir = await publication(3);
    const file = join(dir, 'backups', 'today.db');
    for (let round = 0; round < 2; round++) {
      const made = await runSilkpost(['backup', 'backups/today.db', '--json', '--dir', dir]);
      expect(JSON.parse(made.stdout)).toMatchObject({
        file,
        subscribers: 3,
        keys: ['data:address.key', 'data:link.key', 'data:operators.key'],
      });
      expect(made.code).toBe(0);
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dir, 'backups'))).toEqual(['today.db']);
  });

  it('writes over nothing that is no backup', async () => {
    const dir = await publication(1);
    for (const target of ['var/silkpost.db', 'silkpost.yaml']) {
      const refused = await runSilkpost(['backup', target, '--dir', dir]);
      expect(refused.stderr).toContain('is no backup');
      expect(refused.code).toBe(1);
    }
    const nowhere = await runSilkpost(['backup', 'silkpost.yaml/copy.db', '--dir', dir]);
    expect(nowhere.stderr).toMatch(/^silkpost: The backup .*copy\.db can't be written: [A-Z]+: [^\n]*\.\n$/);
    expect(nowhere.code).toBe(1);
  });

  it('says so where there is nothing to back up', async () => {
    const refused = await runSilkpost(['backup', 'copy.db', '--dir', await smallPublication()]);
    expect(refused.stderr).toContain('There is no database');
    expect(refused.code).toBe(1);
  });
});

describe('silkpost restore', () => {
  it('brings back readers and keys, also DKIM’s in another place, and keeps what was there', async () => {
    const dir = await publication(3);
    const elsewhere = join(dir, 'secret.pem');
    await writeFile(elsewhere, 'a DKIM key');
    const yaml = await readFile(join(dir, 'silkpost.yaml'), 'utf8');
    await writeFile(
      join(dir, 'silkpost.yaml'),
      `${yaml}  dkim: [{ domain: courier.example, selector: s1, keyFile: secret.pem }]\n`,
    );
    await runSilkpost(['backup', 'copy.db', '--dir', dir]);
    const key = await readFile(join(dir, 'var', 'address.key'), 'utf8');

    // Another machine, on which somebody has begun anew.
    const other = await publication(1);
    await writeFile(join(other, 'silkpost.yaml'), await readFile(join(dir, 'silkpost.yaml'), 'utf8'));
    const restored = await runSilkpost(['restore', join(dir, 'copy.db'), '--yes', '--dir', other]);
    expect(restored.code).toBe(0);
    expect(await readFile(join(other, 'var', 'address.key'), 'utf8')).toBe(key);
    expect((await stat(join(other, 'var', 'address.key'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(other, 'secret.pem'), 'utf8')).toBe('a DKIM key');
    const listed = await runSilkpost(['subscribers', 'list', '--jsonl', '--dir', other]);
    expect(listed.stdout.trim().split('\n')).toHaveLength(3);
    const aside = (await readdir(join(other, 'var'))).find((name) => name.startsWith('before-restore-')) ?? '';
    expect(await readdir(join(other, 'var', aside))).toEqual(
      expect.arrayContaining(['silkpost.db', 'address.key', 'link.key', 'operators.key']),
    );
    const names = await readdir(join(other, 'var'));
    expect(names.filter((name) => /silkpost\.db\.\d/.test(name))).toEqual([]);
  });

  it('leaves all as it was where it can’t put a key in its place', async () => {
    const dir = await publication(3);
    await mkdir(join(dir, 'secrets'));
    await writeFile(join(dir, 'secrets', 'dkim.pem'), 'a DKIM key');
    await appendFile(
      join(dir, 'silkpost.yaml'),
      '  dkim: [{ domain: courier.example, selector: s1, keyFile: secrets/dkim.pem }]\n',
    );
    await runSilkpost(['backup', 'copy.db', '--dir', dir]);
    const before = await readFile(join(dir, 'var', 'address.key'), 'utf8');
    await rm(join(dir, 'secrets'), { recursive: true });
    await writeFile(join(dir, 'secrets'), 'a file where a folder should be');
    const failed = await runSilkpost(['restore', 'copy.db', '--yes', '--dir', dir]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('Nothing was restored');
    expect(await readFile(join(dir, 'var', 'address.key'), 'utf8')).toBe(before);
    await writeFile(
      join(dir, 'silkpost.yaml'),
      (await readFile(join(dir, 'silkpost.yaml'), 'utf8')).replace(/^ {2}dkim:.*\n/m, ''),
    );
    const listed = await runSilkpost(['subscribers', 'list', '--jsonl', '--dir', dir]);
    expect(listed.stdout.trim().split('\n')).toHaveLength(3);
  });

  it('marks a database that had never been used to send, and leaves no key in it', async () => {
    const dir = await publication(1);
    await runSilkpost(['backup', 'copy.db', '--dir', dir]);
    const key = (await readFile(join(dir, 'var', 'address.key'), 'utf8')).trim();
    await chmod(join(dir, 'copy.db'), 0o644);
    expect((await runSilkpost(['restore', 'copy.db', '--yes', '--dir', dir])).code).toBe(0);
    const file = join(dir, 'var', 'silkpost.db');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file)).includes(key)).toBe(false);
    expect((await readFile(join(dir, 'copy.db'))).includes(key)).toBe(true);
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('select restored_at from ledger_beat').all()).toEqual([
      { restored_at: expect.stringMatching(/Z$/) },
    ]);
    database.close();
  });

  it('refuses what is no backup, a damaged one and one of a newer Silkpost, and changes nothing', async () => {
    const dir = await publication(1);
    await runSilkpost(['backup', 'copy.db', '--dir', dir]);
    const bytes = await readFile(join(dir, 'copy.db'));
    bytes.fill(0x55, 5000, 9000);
    await writeFile(join(dir, 'damaged.db'), bytes);
    await runSilkpost(['backup', 'newer.db', '--dir', dir]);
    const newer = new DatabaseSync(join(dir, 'newer.db'));
    newer.exec(`insert into kysely_migration (name, timestamp) values ('9999_later', 'now')`);
    newer.close();
    for (const [file, sentence] of [
      ['silkpost.yaml', 'was not written by silkpost backup'],
      ['damaged.db', 'damaged'],
      ['newer.db', 'was made by a newer Silkpost'],
      ['nowhere.db', 'There is no file'],
    ] as const) {
      const refused = await runSilkpost(['restore', file, '--yes', '--dir', dir]);
      expect(refused.stderr).toContain(sentence);
      expect(refused.code).toBe(1);
    }
    await runSilkpost(['backup', 'good.db', '--dir', dir]);
    const nowhere = await runSilkpost(['restore', 'good.db', '--yes', '--dir', dir, '--data', 'silkpost.yaml/var']);
    expect(nowhere.stderr).toMatch(/\nsilkpost: Nothing was restored: [A-Z]+: [^\n]*\.\n$/);
    expect(nowhere.code).toBe(1);
    expect((await readdir(join(dir, 'var'))).some((name) => name.startsWith('before-restore-'))).toBe(false);
  });
});
