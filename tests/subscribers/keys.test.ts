import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { addressKey, openKeys } from '../../src/subscribers/keys.ts';
import { createLinkToken, readLinkToken } from '../../src/subscribers/link-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const keysModule = fileURLToPath(new URL('../../src/subscribers/keys.ts', import.meta.url));
const payload = { subscriberId: 7, newsletter: 'weekly' };

describe('openKeys', () => {
  it('makes three files that only their owner reads, and finds the same keys again', async () => {
    const folder = (await temporaryFolder()).path;
    const dataDir = join(folder, 'var');
    const first = await openKeys(dataDir);
    expect((await readdir(dataDir)).sort()).toEqual(['address.key', 'link.key', 'operators.key']);
    for (const file of ['address.key', 'link.key', 'operators.key']) {
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600);
    }
    const again = await openKeys(dataDir);
    expect(addressKey(again, 'ann@example.com')).toBe(addressKey(first, 'ann@example.com'));
    expect(readLinkToken(again, 'unsubscribe', createLinkToken(first, 'unsubscribe', payload))).toMatchObject(payload);
  });

  it('gives the same keys to processes that start at once', async () => {
    const dataDir = join((await temporaryFolder()).path, 'var');
    const script = `
      const { addressKey, openKeys } = await import(${JSON.stringify(keysModule)});
      const keys = await openKeys(${JSON.stringify(dataDir)});
      console.log(keys.link[0].id, addressKey(keys, 'ann@example.com'));`;
    const processes = Array.from({ length: 6 }, () => run(process.execPath, ['--input-type=module', '-e', script]));
    const printed = (await Promise.all(processes)).map(({ stdout }) => stdout.trim());
    expect(printed[0]).toMatch(/^[0-9a-f]{8} [0-9a-f]{64}$/);
    expect(new Set(printed).size).toBe(1);
    expect(await readdir(dataDir)).toHaveLength(3);
  });

  it('gives the same keys to callers at once in one process', async () => {
    const dataDir = (await temporaryFolder()).path;
    const all = await Promise.all(Array.from({ length: 20 }, () => openKeys(dataDir)));
    expect(new Set(all.map((keys) => addressKey(keys, 'a@example.com') + keys.link[0]?.id)).size).toBe(1);
  });

  it('accepts links of an older key after a rotation, and signs with the newer', async () => {
    const dataDir = (await temporaryFolder()).path;
    const old = await openKeys(dataDir);
    const token = createLinkToken(old, 'unsubscribe', payload);
    const file = join(dataDir, 'link.key');
    await writeFile(file, `0badcafe ${'5'.repeat(64)}\n${await readFile(file, 'utf8')}`);
    const rotated = await openKeys(dataDir);
    expect(rotated.link.map(({ id }) => id)).toEqual(['0badcafe', old.link[0]?.id]);
    expect(readLinkToken(rotated, 'unsubscribe', token)).toMatchObject(payload);
    expect(readLinkToken(old, 'unsubscribe', createLinkToken(rotated, 'unsubscribe', payload))).toBeNull();
  });

  it.each([
    ['link.key', ''],
    ['link.key', 'abc'],
    ['link.key', `0badcafe ${'5'.repeat(63)}\n`],
    ['link.key', `0badcafe ${'5'.repeat(64)}\n0badcafe ${'6'.repeat(64)}\n`],
    ['address.key', ''],
    ['address.key', '5'.repeat(60)],
    ['operators.key', '5'.repeat(65)],
  ])('says which file is damaged: %s holding %j', async (file, text) => {
    const dataDir = (await temporaryFolder()).path;
    await writeFile(join(dataDir, file), text);
    await expect(openKeys(dataDir)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`${join(dataDir, file)} is damaged`),
    });
    expect(await readFile(join(dataDir, file), 'utf8')).toBe(text);
  });

  it('says that the folder is at fault where keys can’t be written', async () => {
    const folder = (await temporaryFolder()).path;
    await writeFile(join(folder, 'var'), '');
    await expect(openKeys(join(folder, 'var'))).rejects.toMatchObject({ code: 'unavailable' });
    await mkdir(join(folder, 'data', 'link.key'), { recursive: true });
    await expect(openKeys(join(folder, 'data'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('shows no secret when it is printed or made into JSON', async () => {
    const dataDir = (await temporaryFolder()).path;
    const keys = await openKeys(dataDir);
    const secret = (await readFile(join(dataDir, 'address.key'), 'utf8')).trim();
    const { inspect } = await import('node:util');
    const shown = JSON.stringify(keys) + inspect(keys, { depth: 9, showHidden: true });
    expect(secret).toHaveLength(64);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(Buffer.from(secret, 'hex').toString('base64'));
  });
});

describe('addressKey', () => {
  it('is equal for spellings of one address, and differs between addresses and publications', async () => {
    const [one, other] = [
      await openKeys((await temporaryFolder()).path),
      await openKeys((await temporaryFolder()).path),
    ];
    const key = addressKey(one, 'ann@example.com');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(addressKey(one, 'ANN@Example.com')).toBe(key);
    expect(addressKey(one, 'bob@example.com')).not.toBe(key);
    expect(addressKey(other, 'ann@example.com')).not.toBe(key);
  });
});
