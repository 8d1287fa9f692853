import { generateKeyPairSync } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { DkimKey } from '../../src/delivery/dkim/dkim-key.ts';
import { dkimRecord, dkimRecordName } from '../../src/delivery/dkim/dkim-record.ts';
import type { SignedHeader } from '../../src/delivery/dkim/signed-headers.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;

/** One key of each kind for `dispatch.example`. */
export function dkimKeys(omit: readonly SignedHeader[] = []): DkimKey[] {
  const domain = 'dispatch.example';
  return [
    { domain, selector: 's202611', keyFile: '', omit, algorithm: 'rsa-sha256', key: rsa },
    { domain, selector: 's202611-ed', keyFile: '', omit, algorithm: 'ed25519-sha256', key: ed25519 },
  ];
}

/** What a receiver finds of each signature, by its algorithm: `pass`, `fail` … The keys stand in a DNS of its own. */
export async function verifyDkim(
  message: Buffer | string,
  keys: readonly Pick<DkimKey, 'algorithm' | 'key' | 'selector' | 'domain'>[],
): Promise<Record<string, string>> {
  const records = new Map(keys.map((key) => [dkimRecordName(key), [[dkimRecord(key)]]]));
  const { results } = await dkimVerify(message, {
    resolver: async (name, type) => {
      const found = type === 'TXT' ? records.get(name) : undefined;
      if (found) return found;
      throw Object.assign(new Error(`no ${type} at ${name}`), { code: 'ENOTFOUND' });
    },
  });
  return Object.fromEntries(results.map((result) => [String(result.algo), String(result.status.result)]));
}

export const bothPass = { 'rsa-sha256': 'pass', 'ed25519-sha256': 'pass' };
