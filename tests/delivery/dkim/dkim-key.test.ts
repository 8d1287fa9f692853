import { generateKeyPairSync } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDkimKeys } from '../../../src/delivery/dkim/dkim-key.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const ed25519 = generateKeyPairSync('ed25519').privateKey.export(pem);

async function read(text: string | Buffer | null, mode = 0o600) {
  const keyFile = join((await temporaryFolder()).path, 'key.pem');
  if (text !== null) await writeFile(keyFile, text);
  if (text !== null) await chmod(keyFile, mode);
  const said: string[] = [];
  const setting = { domain: 'dispatch.example', selector: 's1', keyFile, omit: [] };
  return { keys: await readDkimKeys([setting], (sentence) => said.push(sentence)), said, keyFile };
}

describe('readDkimKeys', () => {
  it('tells which kind a key is', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect((await read(ed25519)).keys).toMatchObject([{ algorithm: 'ed25519-sha256', selector: 's1' }]);
    expect((await read(rsa.export(pem))).keys).toMatchObject([{ algorithm: 'rsa-sha256' }]);
    // As openssl genrsa -traditional writes it.
    expect((await read(rsa.export({ type: 'pkcs1', format: 'pem' }))).keys).toMatchObject([
      { algorithm: 'rsa-sha256' },
    ]);
  });

  it('says so where others can read a key, and nothing where they can’t', async () => {
    const { said, keyFile } = await read(ed25519, 0o644);
    expect(said).toEqual([`Others on this machine can read the key ${keyFile}. Say: chmod 600 ${keyFile}`]);
    expect((await read(ed25519)).said).toEqual([]);
  });

  it.each([
    ['is not there', null, /s1\._domainkey\.dispatch\.example, .*key\.pem, is not there.*silkpost dkim new/],
    ['is no key', 'hello', /holds no private key/],
    ['has a passphrase', encrypted(), /without a passphrase/],
    ['is of another kind', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem), /of the kind ec/],
    ['is short', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(pem), /has 1024 bits/],
  ])('refuses a file that %s', async (_, text, sentence) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(sentence) });
  });
});

function encrypted(): string | Buffer {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'secret' });
}
