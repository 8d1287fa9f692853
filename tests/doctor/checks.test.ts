import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dkimRecord, dkimRecordName } from '../../src/delivery/dkim/dkim-record.ts';
import { checkClock } from '../../src/doctor/check-clock.ts';
import { checkDkim } from '../../src/doctor/check-dkim.ts';
import { checkDmarc } from '../../src/doctor/check-dmarc.ts';
import { checkDisk, checkPermissions } from '../../src/doctor/check-files.ts';
import { checkMx } from '../../src/doctor/check-mx.ts';
import { checkPtr } from '../../src/doctor/check-ptr.ts';
import { dkimKeys } from '../support/dkim.ts';
import { stubDns } from '../support/dns-stub.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const from = 'dispatch.example';

describe('checkDkim', () => {
  async function check(change: (record: string) => readonly string[], fromDomain = from) {
    const { path } = await temporaryFolder();
    const [rsa, ed25519] = dkimKeys();
    if (!rsa || !ed25519) throw new Error('no keys');
    const settings = await Promise.all(
      [rsa, ed25519].map(async ({ key, domain, selector, omit }) => {
        const keyFile = join(path, `${selector}.pem`);
        await writeFile(keyFile, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
        return { domain, selector, omit, keyFile };
      }),
    );
    const records = {
      [dkimRecordName(rsa)]: [dkimRecord(rsa)],
      [dkimRecordName(ed25519)]: change(dkimRecord(ed25519)),
    };
    const zone = Object.fromEntries(Object.entries(records).map(([name, txt]) => [name, { txt }]));
    return checkDkim(settings, fromDomain, stubDns(zone));
  }

  it('has nothing against published keys that are ours', async () => {
    expect((await check((record) => [record])).map(({ level }) => level)).toEqual(['ok', 'ok']);
    expect(await check((record) => [record.replace('p=', 'p= ')], `news.${from}`)).toMatchObject([
      { level: 'ok' },
      { level: 'ok' },
    ]);
  });

  it.each([
    ['that is missing', () => [], /There is no key at s202611-ed\._domainkey\.dispatch\.example/],
    [
      'of somebody else',
      (record: string) => [record.replace(/p=..../, 'p=AAAA')],
      /isn’t the one in .*s202611-ed\.pem/,
    ],
    ['that is withdrawn', (record: string) => [record.replace(/p=.*/, 'p=')], /is withdrawn/],
    ['that stands there twice', (record: string) => [record, record], /There are 2 TXT records/],
    ['of another kind', (record: string) => [record.replace('k=ed25519; ', '')], /isn’t the one/],
    ['for other hashes', (record: string) => [`${record}; h=sha1`], /doesn’t allow sha256/],
  ])('finds a key %s, and prints the record to publish', async (_, change, sentence) => {
    const [first, second] = await check(change);
    expect(first).toMatchObject({ level: 'ok' });
    expect(second).toMatchObject({ level: 'fault', message: expect.stringMatching(sentence) });
  });

  it('says so where nothing signs, a key file is gone, or no key is of the sender’s domain', async () => {
    expect(await checkDkim([], from, stubDns({}))).toMatchObject([
      { level: 'warning', fix: expect.stringContaining('silkpost dkim new') },
    ]);
    const gone = { domain: from, selector: 's', keyFile: '/nowhere/s.pem', omit: [] };
    expect(await checkDkim([gone], from, stubDns({}))).toMatchObject([
      { level: 'fault', message: expect.stringContaining('is not there') },
    ]);
    const other = await check((record) => [record], 'elsewhere.example');
    expect(other.at(-1)).toMatchObject({
      level: 'fault',
      message: expect.stringContaining('No key signs for elsewhere.example'),
    });
  });
});

describe('checkDmarc', () => {
  const check = (
    record: string | null,
    domains: Partial<Parameters<typeof checkDmarc>[0]> = {},
    at = `_dmarc.${from}`,
  ) =>
    checkDmarc(
      { from, envelope: `bounces.${from}`, dkim: [from], ...domains },
      stubDns({ [at]: record === null ? {} : { txt: [record] } }),
    );

  it.each([
    ['v=DMARC1; p=reject', {}, 'ok', /aligned by signature and by return path/],
    ['v=DMARC1; p=none', {}, 'note', /policy none/],
    ['v=DMARC1; p=reject; adkim=s; aspf=s', {}, 'ok', /aligned by signature\.$/],
    ['v=DMARC1; p=reject; adkim=s; aspf=s', { dkim: [`news.${from}`] }, 'fault', /DMARC fails/],
    [
      'v=DMARC1; p=reject',
      { envelope: 'relay.example', dkim: [] },
      'fault',
      /Neither the return path \(relay\.example\)/,
    ],
    ['v=DMARC1; rua=mailto:x@dispatch.example', {}, 'fault', /has no policy/],
    [null, {}, 'fault', /has no DMARC record/],
  ] as const)('judges %s', async (record, domains, level, message) => {
    expect(await check(record, domains)).toMatchObject([{ level, message: expect.stringMatching(message) }]);
  });

  it('looks upwards for the policy', async () => {
    expect(await check('v=DMARC1; p=reject', { from: `news.${from}` })).toMatchObject([{ level: 'ok' }]);
  });
});

describe('checkMx', () => {
  it.each([
    [
      { [from]: { mx: ['mx.dispatch.example'] }, 'mx.dispatch.example': { a: ['192.0.2.1'] } },
      'ok',
      /takes mail at mx/,
    ],
    [{ [from]: { mx: ['mx.dispatch.example'] } }, 'fault', /mx\.dispatch\.example of dispatch\.example has no address/],
    [{ [from]: { a: ['192.0.2.1'] } }, 'warning', /only an address/],
    [{ [from]: { mx: [''] } }, 'fault', /null MX/],
    [{}, 'fault', /what is written to it is lost/],
  ])('judges %j', async (zone, level, message) => {
    expect(await checkMx(from, 'what is written to it', stubDns(zone))).toMatchObject([
      { check: 'mx', level, message: expect.stringMatching(message) },
    ]);
  });
});

describe('checkPtr', () => {
  const own = '192.0.2.1';

  it.each([
    [{ [own]: { ptr: ['mail.dispatch.example'] }, 'mail.dispatch.example': { a: [own] } }, 'ok'],
    [{ [own]: { ptr: ['mail.dispatch.example'] }, 'mail.dispatch.example': { a: ['192.0.2.9'] } }, 'fault'],
    [{}, 'fault'],
  ])('judges %j', async (zone, level) => {
    expect(await checkPtr([own], stubDns(zone))).toMatchObject([{ level }]);
  });

  it('says what it cannot know', async () => {
    expect(await checkPtr(null, stubDns({}))).toMatchObject([{ level: 'note' }]);
    expect(await checkPtr([], stubDns({}))).toMatchObject([
      { level: 'note', message: expect.stringContaining('isn’t known here') },
    ]);
  });
});

describe('checkClock', () => {
  const now = new Date('2026-11-27T03:00:00Z');

  it('compares with the relay’s greeting, and notices a clock that was set back by the database', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    const levels = async (greeting: string | null) => (await checkClock(greeting, file, now)).map(({ level }) => level);
    expect(await levels('220 mail.example ESMTP Exim 4.98 Fri, 27 Nov 2026 03:00:02 +0000')).toEqual(['ok']);
    expect(await levels('220 mail.example ESMTP Exim 4.98 Fri, 27 Nov 2026 07:10:02 +0400')).toEqual(['warning']);
    expect(await levels('220 mail.example ESMTP Postfix')).toEqual(['note']);
    await writeFile(file, '');
    await utimes(file, now, new Date('2026-11-27T02:59:00Z'));
    expect(await levels(null)).toEqual(['note']);
    await utimes(file, now, new Date('2026-11-28T03:00:00Z'));
    expect(await checkClock(null, file, now)).toMatchObject([
      { level: 'warning', message: expect.stringContaining('set back') },
    ]);
  });
});

describe('checkPermissions', () => {
  it('finds keys that others can read, and what is missing', async () => {
    const { path } = await temporaryFolder();
    const [contentDir, publicDir, dataDir] = ['content', 'public', 'var'].map((name) => join(path, name));
    if (!contentDir || !publicDir || !dataDir) throw new Error('no folders');
    await mkdir(join(dataDir, 'keys'), { recursive: true });
    await mkdir(contentDir);
    const database = join(dataDir, 'silkpost.db');
    const files = { contentDir, publicDir, dataDir, database, secrets: [] };
    const key = join(dataDir, 'keys', 's1.pem');
    await writeFile(key, '', { mode: 0o600 });
    expect(await checkPermissions(files)).toMatchObject([{ level: 'ok' }]);
    if (process.platform === 'win32') return; // its files have no modes
    await chmod(key, 0o640);
    expect(await checkPermissions({ ...files, secrets: [key] })).toEqual([
      {
        check: 'permissions',
        level: 'warning',
        message: `Others on this machine can read the key ${key}.`,
        fix: `Say: chmod 600 ${key}`,
      },
    ]);
    await writeFile(database, '', { mode: 0o644 });
    await chmod(dataDir, 0o755);
    expect(await checkPermissions(files)).toContainEqual({
      check: 'permissions',
      level: 'warning',
      message: `Others on this machine can read the database ${database}, with every reader’s address.`,
      fix: `Say: chmod 700 ${dataDir}`,
    });
    await chmod(dataDir, 0o700);
    expect(JSON.stringify(await checkPermissions(files))).not.toContain('silkpost.db');
  });
});

describe('checkDisk', () => {
  it('tells how much is free where a folder is or will be', async () => {
    const { path } = await temporaryFolder();
    expect(await checkDisk([path, join(path, 'not', 'there')])).toMatchObject([
      { check: 'disk', message: expect.stringMatching(/ \d+\.\d GB free/) },
      { check: 'disk', message: expect.stringMatching(/not.there has \d+\.\d GB free/) },
    ]);
  });
});
