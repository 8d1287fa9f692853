import { parseTags } from '../delivery/index.ts';
import type { Finding } from '../operators/index.ts';
import type { DnsLookups } from './dns-lookups.ts';
import { findingsOf } from './finding.ts';
import { isAligned } from './mail-domain.ts';

const { ok, note, fault } = findingsOf('dmarc');

/** The domains that DMARC compares with that of From. */
export interface SenderDomains {
  readonly from: string;
  /** Of the return path, which SPF is about. */
  readonly envelope: string;
  /** Of the signatures. */
  readonly dkim: readonly string[];
}

/** RFC 7489, the policy looked for from the domain upwards. */
export async function checkDmarc({ from, envelope, dkim }: SenderDomains, dns: DnsLookups): Promise<Finding[]> {
  const found = await findPolicy(from, dns);
  const publish = `Publish a TXT record at _dmarc.${from}: “v=DMARC1; p=none; rua=mailto:dmarc@${from}”; later p=quarantine.`;
  if (found === null)
    return [fault(`${from} has no DMARC record, which Gmail and Yahoo ask of whoever sends much.`, publish)];
  const { at, records } = found;
  const [record = ''] = records;
  if (records.length > 1)
    return [fault(`There are ${records.length} DMARC records at ${at}.`, 'Leave only one there.')];
  const tags = parseTags(record);
  const policy = tags.get('p')?.toLowerCase();
  if (policy === undefined || !['none', 'quarantine', 'reject'].includes(policy)) {
    return [fault(`The DMARC record at ${at} has no policy (p=).`, publish)];
  }
  const matches = (strict: boolean, domain: string): boolean => (strict ? domain === from : isAligned(domain, from));
  const spfFits = matches(tags.get('aspf') === 's', envelope);
  const dkimFits = dkim.some((domain) => matches(tags.get('adkim') === 's', domain));
  if (!spfFits && !dkimFits) {
    const sentence = `Neither the return path (${envelope}) nor a signature is of ${from}, so that DMARC fails.`;
    return [fault(sentence, `Sign for ${from} (silkpost dkim new), or take a bounces.domain within it.`)];
  }
  const how = [...(dkimFits ? ['by signature'] : []), ...(spfFits ? ['by return path'] : [])].join(' and ');
  const message = `${at} has the policy ${policy}; mail is aligned ${how}.`;
  return [policy === 'none' ? note(message, 'Once its reports are clean, ask for p=quarantine.') : ok(message)];
}

async function findPolicy(domain: string, dns: DnsLookups): Promise<{ at: string; records: string[] } | null> {
  const labels = domain.split('.');
  for (let start = 0; start < labels.length - 1; start += 1) {
    const at = `_dmarc.${labels.slice(start).join('.')}`;
    const records = (await dns.txt(at)).filter((text) => /^v=DMARC1\s*(;|$)/.test(text));
    if (records.length > 0) return { at, records };
  }
  return null;
}
