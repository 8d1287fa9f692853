import { generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, sentenceOf } from '../../errors.ts';
import type { DkimKey } from './dkim-key.ts';

const generate = promisify(generateKeyPair);

/**
 * Makes an RSA-2048 and an Ed25519 key, each with a selector of its own (RFC 8463 §5.2), as files of mode 0600.
 *
 * @param folder Made where it isn't there; the files are `SELECTOR.DOMAIN.pem` in it.
 * @throws AppError `conflict` where one of the files is there already: nothing is written over. `unavailable` where they
 * can't be written.
 */
export async function makeDkimKeys(folder: string, domain: string, selector: string): Promise<DkimKey[]> {
  const made = (own: string, algorithm: DkimKey['algorithm'], key: KeyObject): DkimKey => {
    return { domain, selector: own, keyFile: join(folder, `${own}.${domain}.pem`), omit: [], algorithm, key };
  };
  const keys = [
    made(selector, 'rsa-sha256', (await generate('rsa', { modulusLength: 2048 })).privateKey),
    made(`${selector}-ed`, 'ed25519-sha256', (await generate('ed25519')).privateKey),
  ];
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const { key, keyFile } of keys) {
      await writeKey(keyFile, key);
      written.push(keyFile);
    }
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError('unavailable', `The keys can't be written to ${folder}: ${sentenceOf(error)}.`, {
      cause: error,
    });
  }
  return keys;
}

async function writeKey(file: string, key: KeyObject): Promise<void> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new AppError('conflict', `${file} is there already. Choose another --selector; nothing was written.`, {
      cause: error,
    });
  });
  try {
    await handle.writeFile(key.export({ type: 'pkcs8', format: 'pem' }));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
