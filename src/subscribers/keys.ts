import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, sentenceOf } from '../errors.ts';
import { normaliseAddress } from './email-address.ts';

/** The secrets in the data folder. KeyObjects, so that no log or JSON ever shows them. */
export interface Keys {
  /** Sign links: the first signs, all are accepted. At least one. */
  readonly link: readonly LinkKey[];
  /** Hashes addresses. Never changes: suppressions are known by its hashes alone. */
  readonly address: KeyObject;
  /** Seals the secrets of operators' authenticator apps. */
  readonly operators: KeyObject;
}

export interface LinkKey {
  /** Eight hexadecimal digits, carried by each token. */
  readonly id: string;
  readonly secret: KeyObject;
}

const linkKeyFile = 'link.key';
const addressKeyFile = 'address.key';
const operatorsKeyFile = 'operators.key';
const secretBytes = 32;
const linkLine = /^([0-9a-f]{8}) ([0-9a-f]{64})$/;
const secretLine = /^[0-9a-f]{64}$/;

/**
 * Reads the keys in `dataDir`, and makes what is missing: files of mode 0600, complete or not there at all. Processes
 * that start at once get the same keys. `link.key` has a line `ID SECRET` per key, newest first; a line added at its top
 * rotates it, and links signed with the others stay good while their lines stay.
 *
 * @throws AppError `unavailable` where they can't be read or written, `invalid` where one is damaged.
 */
export async function openKeys(dataDir: string): Promise<Keys> {
  const linkFile = join(dataDir, linkKeyFile);
  const addressFile = join(dataDir, addressKeyFile);
  const operatorsFile = join(dataDir, operatorsKeyFile);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const [linkText, addressText, operatorsText] = await Promise.all([
      readOrMake(linkFile, () => `${randomBytes(4).toString('hex')} ${newSecret()}\n`),
      readOrMake(addressFile, () => `${newSecret()}\n`),
      readOrMake(operatorsFile, () => `${newSecret()}\n`),
    ]);
    return {
      link: parseLinkKeys(linkText, linkFile),
      address: parseSecret(addressText, addressFile),
      operators: parseSecret(operatorsText, operatorsFile),
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('unavailable', `The keys in ${dataDir} can't be read or made: ${sentenceOf(error)}.`, {
      cause: error,
    });
  }
}

/** What stands for an address wherever the address itself mustn't be kept: HMAC-SHA256 of its normal form, in hex. */
export function addressKey(keys: Keys, email: string): string {
  return createHmac('sha256', keys.address).update(normaliseAddress(email)).digest('hex');
}

/** The secret that Message-IDs and return paths are keyed hashes of: as lasting as the address key that it comes from. */
export function deliveryKey(keys: Keys): Buffer {
  return createHmac('sha256', keys.address).update('silkpost message ids').digest();
}

/** The secret that ids of articles without an authority follow from: the same for all processes of a data folder. */
export function articleIdSecret(keys: Keys): Buffer {
  return createHmac('sha256', keys.address).update('silkpost article ids').digest();
}

function newSecret(): string {
  return randomBytes(secretBytes).toString('hex');
}

async function readOrMake(file: string, make: () => string): Promise<string> {
  const known = await readIfThere(file);
  if (known !== null) return known;
  const draft = `${file}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(make());
      await handle.sync();
    } finally {
      await handle.close();
    }
    await claimName(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return await readFile(file, 'utf8');
}

/** Gives the finished file its name unless another process was first: link(2) never replaces and is never half done. */
async function claimName(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    // Some shared and mounted folders know no hard links.
    await copyFile(draft, file, constants.COPYFILE_EXCL).catch((second: unknown) => {
      if (!hasCode(second, 'EEXIST')) throw second;
    });
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function parseLinkKeys(text: string, file: string): LinkKey[] {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines
    .filter((line) => line !== '')
    .map((line) => {
      const [, id, secret] = linkLine.exec(line) ?? [];
      if (id === undefined || secret === undefined) throw damaged(file);
      return { id, secret: createSecretKey(secret, 'hex') };
    });
  if (keys.length === 0 || new Set(keys.map(({ id }) => id)).size < keys.length) throw damaged(file);
  return keys;
}

function parseSecret(text: string, file: string): KeyObject {
  const line = text.trim();
  if (!secretLine.test(line)) throw damaged(file);
  return createSecretKey(line, 'hex');
}

function damaged(file: string): AppError {
  return new AppError('invalid', `The key file ${file} is damaged. Put it back from a backup.`);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
