import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** What is asked of DNS. Empty where there is no such record; what can't be found out is thrown. */
export interface DnsLookups {
  /** Each record's strings joined (RFC 7208 §3.3). */
  txt(name: string): Promise<readonly string[]>;
  /** By preference; a null MX (RFC 7505) is one with an empty name. */
  mx(name: string): Promise<readonly string[]>;
  /** A and AAAA. */
  addresses(name: string): Promise<readonly string[]>;
  /** Names of an address. */
  ptr(address: string): Promise<readonly string[]>;
}

/** DNS gave no answer: neither that there is a record nor that there is none. */
export class DnsError extends Error {
  override readonly name = 'DnsError';
  /** Whether no server could be reached, so that every other question will fail too. */
  readonly unreachable: boolean;

  constructor(asked: string, code: string) {
    const isUnreachable = unreachable.has(code);
    super(isUnreachable ? `no DNS server answers (${code})` : `DNS has no answer for ${asked} (${code})`);
    this.unreachable = isUnreachable;
  }
}

/** No such name, no such record; the last two are names that can't be asked for at all. */
const absent = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EBADQUERY']);
const unreachable = new Set([
  'ECONNREFUSED',
  'ETIMEOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ECANCELLED',
  'ENOTINITIALIZED',
]);

/** @param server `address` or `address:port`; null: the machine's own. */
export function createDnsLookups(server: string | null, timeoutMs = 2000): DnsLookups {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (server !== null) resolver.setServers([server]);
  return {
    txt: async (name) => (await ask(name, () => resolver.resolveTxt(name))).map((strings) => strings.join('')),
    async mx(name) {
      const records = await ask(name, () => resolver.resolveMx(name));
      return records.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
    },
    async addresses(name) {
      if (isIP(name) !== 0) return [name];
      const both = [() => resolver.resolve4(name), () => resolver.resolve6(name)];
      return (await Promise.all(both.map((look) => ask(name, look)))).flat();
    },
    ptr: (address) => ask(address, () => resolver.reverse(address)),
  };
}

async function ask<Answer>(asked: string, look: () => Promise<Answer[]>): Promise<Answer[]> {
  try {
    return await look();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    if (absent.has(code)) return [];
    throw new DnsError(asked, code);
  }
}
