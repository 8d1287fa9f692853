import type { Finding } from '../operators/index.ts';
import type { DnsLookups } from './dns-lookups.ts';
import { findingsOf } from './finding.ts';

const { ok, note, fault } = findingsOf('ptr');

/**
 * Whether the name of each address leads back to it, which receivers ask of what connects to them.
 *
 * @param ownAddresses This machine's public ones, where its own relay sends; null: another machine's relay does.
 */
export async function checkPtr(ownAddresses: readonly string[] | null, dns: DnsLookups): Promise<Finding[]> {
  if (ownAddresses === null) return [note('The names of the addresses that mail comes from are the relay’s to keep.')];
  if (ownAddresses.length === 0) {
    const sentence = 'This machine has no public address of its own, so that which one receivers see isn’t known here.';
    return [note(sentence, 'Look up by hand that the public address has a name, and that the name leads back to it.')];
  }
  return Promise.all(
    ownAddresses.map(async (address) => {
      const names = await dns.ptr(address);
      const [name] = names;
      if (name === undefined) {
        return fault(`${address} has no name (PTR).`, 'Ask whoever gave you the address to give it your host’s name.');
      }
      for (const each of names) {
        if ((await dns.addresses(each)).includes(address))
          return ok(`${address} is ${each}, and ${each} is ${address}.`);
      }
      return fault(
        `${address} is called ${name}, which doesn’t lead back to it.`,
        `Publish an address record for ${name}.`,
      );
    }),
  );
}
