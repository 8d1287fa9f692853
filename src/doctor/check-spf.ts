import type { Finding } from '../operators/index.ts';
import type { DnsLookups } from './dns-lookups.ts';
import { findingsOf } from './finding.ts';
import { readSpf } from './spf.ts';

const { ok, warning, fault } = findingsOf('spf');

/**
 * RFC 7208, of the domain in the envelope.
 *
 * @param ownAddresses This machine's public ones, where its own relay sends; null: another machine's relay does.
 */
export async function checkSpf(
  domain: string,
  ownAddresses: readonly string[] | null,
  dns: DnsLookups,
): Promise<Finding[]> {
  const spf = await readSpf(domain, dns);
  if (spf.record === null) {
    const start = ownAddresses === null ? 'include:(the name that your relay tells you)' : termsOf(ownAddresses);
    return [fault(`${domain} has no SPF record.`, `Publish a TXT record at ${domain}: “v=spf1 ${start} -all”.`)];
  }
  const findings = spf.errors.map((error) =>
    fault(`The SPF record of ${domain} is void: ${error}.`, `Correct it. It reads: ${spf.record}`),
  );
  if (spf.otherwise === 'pass') {
    findings.push(fault(`The SPF record of ${domain} lets everybody send (+all).`, 'End it with -all.'));
  } else if (spf.otherwise === 'neutral') {
    findings.push(warning(`The SPF record of ${domain} says nothing of who else sends.`, 'End it with -all or ~all.'));
  }
  for (const address of (ownAddresses ?? []).filter((own) => !spf.allows(own))) {
    const sentence = `The SPF record of ${domain} doesn’t name this machine, ${address}.`;
    findings.push(fault(sentence, `Add ${term(address)} to it, if mail leaves from here.`));
  }
  if (findings.length > 0) return findings;
  return [ok(`${domain} has an SPF record with ${spf.lookups} of at most 10 look-ups.`)];
}

function term(address: string): string {
  return `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`;
}

function termsOf(addresses: readonly string[]): string {
  return addresses.length > 0 ? addresses.map(term).join(' ') : 'ip4:(this machine’s public address)';
}
