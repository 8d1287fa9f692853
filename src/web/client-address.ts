import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Loopback, link-local and private ranges (RFC 1918, 4193, 6598, 6890): addresses that don't tell readers apart. */
const nearby = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

/**
 * Tells clients apart: by IPv4 address, or by the /64 of an IPv6 one, since one subscriber has all of that. Null where
 * that can't be known: the connection comes from this machine or its private network, where a proxy may stand for all
 * the world, and no trusted proxy says for whom.
 *
 * `X-Forwarded-For` is read from the right past trusted proxies, and only where one of those sent it. The header
 * `Forwarded` (RFC 7239) isn't read: a proxy that writes one of the two lets the client's own other one through.
 *
 * @param trustedProxies Addresses and CIDR ranges, checked (`web.trustedProxies`).
 */
export function createClientAddress(trustedProxies: readonly string[]): (request: IncomingMessage) => string | null {
  const trusted = rangesOf(trustedProxies);
  const unknown = rangesOf(nearby);
  return (request) => {
    const connected = bare(request.socket.remoteAddress ?? '');
    if (!holds(trusted, connected)) return holds(unknown, connected) ? null : groupOf(connected);
    const chain = request.headers['x-forwarded-for']?.toString().split(',') ?? [];
    for (const hop of chain.reverse()) {
      const address = bare(hop.trim());
      // Whatever stands to the left of something unreadable may have been made up.
      if (isIP(address) === 0) return null;
      if (!holds(trusted, address)) return groupOf(address);
    }
    return null;
  };
}

function rangesOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [written = '', bits] = range.split('/', 2);
    const address = bare(written);
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function holds(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Without brackets, port and zone; an IPv4 address in IPv6 form (`::ffff:192.0.2.1`) as IPv4. */
function bare(text: string): string {
  const inner = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = inner.replace(/%.*$/, '').toLowerCase();
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

/** The address itself, or the first four groups of an IPv6 one: `2001:db8:0:1::/64`. */
function groupOf(address: string): string | null {
  const family = isIP(address);
  if (family !== 6) return family === 4 ? address : null;
  // An IPv4 tail stands for two groups, both in the half that isn't looked at.
  const [head = '', tail] = address.replace(/[\d.]+\.\d+$/, '0:0').split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
