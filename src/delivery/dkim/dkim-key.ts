import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { AppError, sentenceOf } from '../../errors.ts';
import type { SignedHeader } from './signed-headers.ts';

/** One entry of `mail.dkim`. */
export interface DkimSetting {
  readonly domain: string;
  /** The public key stands in DNS at `SELECTOR._domainkey.DOMAIN`. */
  readonly selector: string;
  /** Absolute path of the private key, PEM. */
  readonly keyFile: string;
  /** Headers that a relay rewrites after us, left unsigned. Default: none. */
  readonly omit: readonly SignedHeader[];
}

export interface DkimKey extends DkimSetting {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly key: KeyObject;
}

/** RFC 8301 §3.2: verifiers need not take less, and 2048 is what to sign with. */
const leastRsaBits = 2048;

/**
 * Reads the private keys, once; they sign as long as the process lives.
 *
 * @param onLoose Told in a sentence of a file that others on this machine may read.
 * @throws AppError `invalid` where one is missing, is no key, or is one that receivers refuse.
 */
export function readDkimKeys(
  settings: readonly DkimSetting[],
  onLoose: (sentence: string) => void,
): Promise<DkimKey[]> {
  return Promise.all(
    settings.map(async (setting) => {
      const key = await readKey(setting);
      if (await isLoose(setting.keyFile)) {
        onLoose(`Others on this machine can read the key ${setting.keyFile}. Say: chmod 600 ${setting.keyFile}`);
      }
      return { ...setting, ...key };
    }),
  );
}

/** Whether group or others may read a secret's file; Windows knows no such thing. */
export async function isLoose(file: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0;
}

async function readKey({ domain, selector, keyFile }: DkimSetting): Promise<Pick<DkimKey, 'algorithm' | 'key'>> {
  const named = `The key of mail.dkim for ${selector}._domainkey.${domain}, ${keyFile},`;
  let pem: string;
  try {
    pem = await readFile(keyFile, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const what = missing
      ? 'is not there. Put it back, or make a new one with silkpost dkim new.'
      : `can't be read: ${sentenceOf(error)}.`;
    throw new AppError('invalid', `${named} ${what}`, { cause: error });
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new AppError('invalid', `${named} holds no private key in PEM form without a passphrase.`, { cause: error });
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return { algorithm: 'ed25519-sha256', key };
  if (type !== 'rsa')
    throw new AppError('invalid', `${named} is a key of the kind ${type}; DKIM knows rsa and ed25519.`);
  const bits = details?.modulusLength ?? 0;
  if (bits >= leastRsaBits) return { algorithm: 'rsa-sha256', key };
  throw new AppError(
    'invalid',
    `${named} has ${bits} bits; receivers ask for ${leastRsaBits}. Make a new one with silkpost dkim new.`,
  );
}
