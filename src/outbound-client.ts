import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AppError, sentenceOf } from './errors.ts';

/** Asks for URLs that came from the network. Those of `silkpost.yaml` are trusted and don't need it. */
export interface OutboundClient {
  /**
   * The body of a 200.
   *
   * @throws AppError `invalid` for a URL that may not be asked for, `unavailable` for anything else than a 200 in time.
   */
  get(url: string): Promise<Buffer>;
}

export interface OutboundOptions {
  /** All addresses of a name; default: the system's resolver. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** For the whole exchange, default 5 s. */
  readonly timeoutMs?: number;
}

const maxBodyBytes = 1024 * 1024;

/**
 * Only public addresses (IPv4 and IPv6, on ports 80 and 443), and exactly the one that was looked at: a name that resolves
 * to another address a moment later gains nothing. Redirects are refused.
 */
export function createOutboundClient({ resolve = resolveAll, timeoutMs = 5000 }: OutboundOptions = {}): OutboundClient {
  return {
    async get(text) {
      const url = checkUrl(text);
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      const addresses = isIP(host)
        ? [host]
        : await resolve(host).catch((error: unknown) => fail(url, sentenceOf(error)));
      const [address] = addresses;
      if (address === undefined || !addresses.every(isPublicAddress)) {
        throw new AppError('invalid', `${url.host} isn’t a public address.`);
      }
      return request(url, address, timeoutMs);
    },
  };
}

function checkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new AppError('invalid', 'That is no http(s) URL without a password.');
  }
  if (!['', '80', '443'].includes(url.port)) throw new AppError('invalid', `${url.host}: only ports 80 and 443.`);
  return url;
}

async function resolveAll(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

function request(url: URL, address: string, timeoutMs: number): Promise<Buffer> {
  const family = isIP(address);
  const toChecked: LookupFunction = (_name, options, answer) =>
    options.all ? answer(null, [{ address, family }]) : answer(null, address, family);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise<Buffer>((done, reject) => {
    const asked = send(
      url,
      {
        agent: false,
        lookup: toChecked,
        headers: { 'user-agent': 'Silkpost' },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (answer) => {
        if (answer.statusCode !== 200) {
          answer.destroy();
          reject(new Error(`it answers ${answer.statusCode}`));
          return;
        }
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > maxBodyBytes) answer.destroy(new Error('its answer is too long'));
        });
        answer.on('end', () => done(Buffer.concat(chunks)));
        answer.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end();
  }).catch((error: unknown) => fail(url, sentenceOf(error)));
}

function fail(url: URL, why: string): never {
  throw new AppError('unavailable', `${url.host} can't be asked: ${why}.`);
}

/** What isn't the public Internet's, by IANA's registries of special-purpose addresses. */
const special = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  // Teredo, benchmarking, documentation, 6to4: some of them carry an IPv4 address within.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  special.addSubnet(net, bits, 'ipv6');
}
/** Everything else, mapped and translated IPv4 (::ffff:0:0/96, 64:ff9b::/96) among it, is not global unicast. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is one of the public Internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special.check(address, 'ipv4');
    case 6:
      return !address.includes('%') && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
    default:
      return false;
  }
}
