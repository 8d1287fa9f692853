import type { Check, Finding } from '../operators/index.ts';
import type { DnsLookups } from './dns-lookups.ts';
import { findingsOf } from './finding.ts';

/** Whether a domain takes mail: `what` is sent to it. */
export async function checkMx(domain: string, what: string, dns: DnsLookups, check: Check = 'mx'): Promise<Finding[]> {
  const { ok, warning, fault } = findingsOf(check);
  const hosts = await dns.mx(domain);
  const [first] = hosts;
  if (first === undefined) {
    return (await dns.addresses(domain)).length > 0
      ? [
          warning(
            `${domain} has no MX record, only an address: ${what} may not arrive.`,
            `Publish an MX record for ${domain}.`,
          ),
        ]
      : [
          fault(
            `${domain} takes no mail (it has no MX record): ${what} is lost.`,
            `Publish an MX record for ${domain}.`,
          ),
        ];
  }
  if (first === '' || first === '.') {
    return [fault(`${domain} says that it takes no mail (a null MX): ${what} is lost.`, 'Replace the null MX.')];
  }
  const found = await Promise.all(hosts.map(async (host) => ({ host, addresses: await dns.addresses(host) })));
  const lost = found.filter(({ addresses }) => addresses.length === 0);
  const fix = `Publish address records for it, or take it out of the MX records of ${domain}.`;
  if (lost.length > 0)
    return lost.map(({ host }) => fault(`The mail server ${host} of ${domain} has no address.`, fix));
  return [ok(`${domain} takes mail at ${hosts.join(', ')}.`)];
}
