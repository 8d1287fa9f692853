import { BlockList, isIP } from 'node:net';
import type { DnsLookups } from './dns-lookups.ts';

/** What a domain's SPF says, all of it followed. */
export interface SpfReading {
  /** The record; null where there is none. */
  readonly record: string | null;
  /** Terms that ask DNS; more than ten make the whole record void (RFC 7208 §4.6.4). */
  readonly lookups: number;
  /** Questions without an answer; more than two do. */
  readonly voids: number;
  /** How it ends for everybody else. */
  readonly otherwise: 'pass' | 'fail' | 'softfail' | 'neutral';
  /** What makes receivers give up on it, a sentence each. */
  readonly errors: readonly string[];
  /** Whether it ever lets an address pass, whatever stands before it. */
  allows(address: string): boolean;
}

const maxLookups = 10;
const maxVoids = 2;
const maxMxNames = 10;
const results = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const;

export async function readSpf(domain: string, dns: DnsLookups): Promise<SpfReading> {
  const walk = new SpfWalk(dns);
  const top = await walk.read(domain, []);
  const { lookups, voids, errors, allowed } = walk;
  if (lookups > maxLookups) errors.push(`it takes ${lookups} DNS look-ups, and receivers stop at ${maxLookups}`);
  if (voids > maxVoids) errors.push(`${voids} of its look-ups find nothing, and receivers stop at ${maxVoids}`);
  return {
    record: top?.record ?? null,
    lookups,
    voids,
    otherwise: top?.otherwise ?? 'neutral',
    errors,
    allows: (address) => allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
  };
}

interface ReadRecord {
  readonly record: string;
  readonly otherwise: SpfReading['otherwise'];
}

/** Follows every term, where a receiver stops at the first that fits: the worst case is what has to be within limits. */
class SpfWalk {
  lookups = 0;
  voids = 0;
  readonly errors: string[] = [];
  readonly allowed = new BlockList();
  readonly #dns: DnsLookups;

  constructor(dns: DnsLookups) {
    this.#dns = dns;
  }

  async read(domain: string, above: readonly string[]): Promise<ReadRecord | null> {
    if (above.includes(domain)) {
      this.errors.push(`${[...above, domain].join(' leads to ')}, which never ends`);
      return null;
    }
    const records = (await this.#dns.txt(domain)).filter((text) => /^v=spf1( |$)/i.test(text));
    const [record] = records;
    if (record === undefined) {
      if (above.length > 0) {
        this.voids += 1;
        this.errors.push(`${domain}, which it refers to, has no SPF record`);
      }
      return null;
    }
    if (records.length > 1)
      this.errors.push(`${domain} has ${records.length} SPF records, and only one may stand there`);
    // Enough to know that it fails; a record that leads on and on isn't followed for ever.
    if (this.lookups > 2 * maxLookups) return null;
    let otherwise: SpfReading['otherwise'] | null = null;
    let redirect: string | null = null;
    for (const term of record.trim().split(/ +/).slice(1)) {
      const target = /^redirect=(.+)$/i.exec(term)?.[1];
      if (target !== undefined) redirect = target.toLowerCase();
      else if (!/^[a-z][\w.-]*=/i.test(term)) otherwise = (await this.#follow(term, domain, above)) ?? otherwise;
    }
    if (redirect !== null && otherwise === null) {
      this.lookups += 1;
      const target = await this.#readOther(redirect, [...above, domain]);
      return { record, otherwise: target?.otherwise ?? 'neutral' };
    }
    return { record, otherwise: otherwise ?? 'neutral' };
  }

  /** One mechanism; what `all` says, else null. */
  async #follow(term: string, domain: string, above: readonly string[]): Promise<SpfReading['otherwise'] | null> {
    const parts = /^([+?~-]?)([a-z0-9]+)(?::([^/]*))?((?:\/\d{1,3}){0,1}(?:\/\/\d{1,3})?)$/i.exec(term);
    const literal = /^([+?~-]?)ip[46]:(.+)$/i.exec(term);
    const sign = (literal?.[1] || parts?.[1] || '+') as keyof typeof results; // the pattern knows no other
    const passes = sign === '+';
    if (literal?.[2] !== undefined) {
      if (!this.#addNetwork(literal[2], passes)) this.errors.push(`“${term}” is no network`);
      return null;
    }
    const name = parts?.[2]?.toLowerCase();
    const target = (parts?.[3] || domain).toLowerCase();
    const prefix = parts?.[4] ?? '';
    switch (name) {
      case 'all':
        return results[sign];
      case 'include':
        this.lookups += 1;
        await this.#readOther(target, [...above, domain]);
        return null;
      case 'a':
        this.lookups += 1;
        await this.#addHost(target, prefix, passes);
        return null;
      case 'mx': {
        this.lookups += 1;
        const hosts = await this.#dns.mx(target);
        if (hosts.length === 0) this.voids += 1;
        if (hosts.length > maxMxNames) this.errors.push(`${target} has more than ${maxMxNames} MX records`);
        for (const host of hosts.slice(0, maxMxNames)) await this.#addHost(host, prefix, passes);
        return null;
      }
      case 'ptr':
      case 'exists':
        this.lookups += 1;
        return null;
      default:
        this.errors.push(`“${term}” is no term of SPF`);
        return null;
    }
  }

  /** Another domain's record; one with a macro depends on the message, and can't be followed. */
  async #readOther(domain: string, above: readonly string[]): Promise<ReadRecord | null> {
    return domain.includes('%') ? null : this.read(domain, above);
  }

  async #addHost(host: string, prefix: string, passes: boolean): Promise<void> {
    if (host.includes('%')) return;
    const addresses = await this.#dns.addresses(host);
    if (addresses.length === 0) this.voids += 1;
    const [, v4, v6] = /^(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(prefix) ?? [];
    for (const address of addresses) {
      const length = isIP(address) === 6 ? v6 : v4;
      this.#addNetwork(length === undefined ? address : `${address}/${length}`, passes);
    }
  }

  #addNetwork(text: string, passes: boolean): boolean {
    const [address = '', length] = text.split('/', 2);
    const family = isIP(address);
    const bits = length === undefined ? (family === 6 ? 128 : 32) : Number(length);
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) return false;
    if (passes) this.allowed.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
    return true;
  }
}
