import { type DkimSetting, dkimRecord, dkimRecordName, parseTags, quoteTxt, readDkimKeys } from '../delivery/index.ts';
import { AppError } from '../errors.ts';
import type { Finding } from '../operators/index.ts';
import type { DnsLookups } from './dns-lookups.ts';
import { findingsOf } from './finding.ts';
import { isAligned } from './mail-domain.ts';

const { ok, warning, fault } = findingsOf('dkim');

/** Whether what DNS says of each key is what signs here, and one of them signs for the sender's domain. */
export async function checkDkim(
  settings: readonly DkimSetting[],
  fromDomain: string,
  dns: DnsLookups,
): Promise<Finding[]> {
  if (settings.length === 0) {
    const sentence = 'Nothing signs the mail here (mail.dkim is empty); Gmail and Yahoo refuse what nobody signs.';
    return [warning(sentence, `Say: silkpost dkim new. Only a relay that signs for ${fromDomain} makes it needless.`)];
  }
  const findings = (await Promise.all(settings.map((setting) => checkKey(setting, dns)))).flat();
  if (!settings.some(({ domain }) => isAligned(domain, fromDomain))) {
    const sentence = `No key signs for ${fromDomain}, which mail.from names, so that DMARC doesn’t count the signatures.`;
    findings.push(fault(sentence, `Say: silkpost dkim new --domain ${fromDomain}`));
  }
  return findings;
}

async function checkKey(setting: DkimSetting, dns: DnsLookups): Promise<Finding[]> {
  const name = dkimRecordName(setting);
  try {
    const [key] = await readDkimKeys([setting], () => {}); // who else reads it is another check's
    if (!key) return [];
    const wanted = dkimRecord(key);
    const publish = `Publish a TXT record at ${name}: ${quoteTxt(wanted)}`;
    const records = await dns.txt(name);
    const [record] = records;
    if (record === undefined)
      return [fault(`There is no key at ${name}, so this signature counts for nothing.`, publish)];
    if (records.length > 1)
      return [fault(`There are ${records.length} TXT records at ${name}.`, 'Leave only one there.')];
    const [ours, theirs] = [parseTags(wanted), parseTags(record)];
    const published = theirs.get('p')?.replace(/\s/g, '');
    if (published === '') return [fault(`The key at ${name} is withdrawn (an empty p=).`, publish)];
    if (published !== ours.get('p') || (theirs.get('k') ?? 'rsa') !== ours.get('k')) {
      return [fault(`The key at ${name} isn’t the one in ${setting.keyFile}.`, publish)];
    }
    if (
      theirs
        .get('h')
        ?.split(':')
        .every((hash) => hash.trim() !== 'sha256')
    ) {
      return [fault(`The record at ${name} doesn’t allow sha256 (h=).`, publish)];
    }
    if (
      theirs
        .get('t')
        ?.split(':')
        .some((flag) => flag.trim() === 'y')
    ) {
      return [warning(`The key at ${name} is marked as a test (t=y), so receivers may not count it.`, publish)];
    }
    return [ok(`The ${key.algorithm === 'rsa-sha256' ? 'RSA' : 'Ed25519'} key at ${name} is the one that signs.`)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [fault(error.message, 'Until then nothing starts and nothing is sent.')];
  }
}
