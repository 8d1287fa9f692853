import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
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
  /**
   * What the server of a URL says about it, without what it holds: by HEAD and, where that is refused, by GET. At most
   * five redirects are followed, and each is looked at as the first address was. Never rejects.
   */
  look(url: string, signal?: AbortSignal): Promise<OutboundAnswer>;
}

export type OutboundAnswer =
  /** Of the last server, where there were redirects. */
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'no_such_host'; readonly host: string }
  /** `why` ends a sentence, without its full stop. */
  | { readonly kind: 'unknown'; readonly why: string };

export interface OutboundOptions {
  /** All addresses of a name; default: the system's resolver. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** For the whole exchange, default 5 s. */
  readonly timeoutMs?: number;
  /** Where to connect for an address that was found to be public; default: there. For tests: a server on loopback. */
  readonly route?: (address: string) => { readonly address: string; readonly port: number };
}

const maxBodyBytes = 1024 * 1024;
const maxRedirects = 5;

/**
 * Only public addresses (IPv4 and IPv6, on ports 80 and 443), and exactly the one that was looked at: a name that resolves
 * to another address a moment later gains nothing. Of what is got, redirects are refused.
 */
export function createOutboundClient(options: OutboundOptions = {}): OutboundClient {
  const { resolve = resolveAll, timeoutMs = 5000, route } = options;

  async function connectionTo(url: URL): Promise<Connection> {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const addresses = isIP(host) ? [host] : await resolve(host);
    const [address] = addresses;
    if (address === undefined || !addresses.every(isPublicAddress)) {
      throw new AppError('invalid', `${url.host} isn’t a public address.`);
    }
    return route?.(address) ?? { address };
  }

  async function ask(url: URL, method: 'HEAD' | 'GET', stop: AbortSignal): Promise<Head> {
    const answer = await send(url, await connectionTo(url), method, stop);
    answer.destroy();
    const { location } = answer.headers;
    return { status: answer.statusCode ?? 0, location: location === undefined ? null : location };
  }

  async function follow(text: string, stop: AbortSignal): Promise<OutboundAnswer> {
    let url = checkUrl(text);
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const short = await ask(url, 'HEAD', stop);
      const { status, location } = short.status >= 400 ? await ask(url, 'GET', stop) : short;
      if (status < 300 || status >= 400 || location === null) return { kind: 'answered', status };
      if (!URL.canParse(location, url.href)) return { kind: 'unknown', why: 'it leads on to no address' };
      url = checkUrl(new URL(location, url).href);
    }
    return { kind: 'unknown', why: 'it leads on and on' };
  }

  return {
    async get(text) {
      const url = checkUrl(text);
      try {
        return await bodyOf(await send(url, await connectionTo(url), 'GET', AbortSignal.timeout(timeoutMs)));
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw new AppError('unavailable', `${url.host} can't be asked: ${sentenceOf(error)}.`);
      }
    },
    async look(text, signal) {
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        return await follow(text, signal ? AbortSignal.any([timeout, signal]) : timeout);
      } catch (error) {
        if (timeout.aborted) return { kind: 'unknown', why: `it doesn’t answer within ${timeoutMs / 1000} seconds` };
        if (isNoSuchHost(error)) return { kind: 'no_such_host', host: new URL(text).hostname };
        return { kind: 'unknown', why: sentenceOf(error).replace(/\.$/, '') };
      }
    },
  };
}

interface Connection {
  readonly address: string;
  /** Default: the URL's. */
  readonly port?: number;
}

interface Head {
  readonly status: number;
  readonly location: string | null;
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

async function send(
  url: URL,
  { address, port }: Connection,
  method: 'HEAD' | 'GET',
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const family = isIP(address);
  const toChecked: LookupFunction = (_name, options, answer) =>
    options.all ? answer(null, [{ address, family }]) : answer(null, address, family);
  // Loaded with the first question: a module that names them waits for all that Node has for the web.
  const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise<IncomingMessage>((done, reject) => {
    const asked = request(
      url,
      {
        method,
        agent: false,
        lookup: toChecked,
        headers: { 'user-agent': 'Silkpost' },
        signal,
        ...(port === undefined ? {} : { port }),
      },
      done,
    );
    asked.on('error', reject);
    asked.end();
  });
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new Error(`it answers ${answer.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** That of a name that nobody has, also an old one (RFC 1035 §4.1.1); anything else may pass. */
function isNoSuchHost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
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
