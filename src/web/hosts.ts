import type { Site } from '../site.ts';
import { isLoopback } from './loopback.ts';

export interface HostRules {
  readonly site: Pick<Site, 'url' | 'formerUrls'>;
  /** `web.hosts` */
  readonly hosts: readonly string[];
  /** The address that the server listens on. */
  readonly boundTo: string;
}

/** Where a request belongs, by the address it was sent to. */
export type HostVerdict =
  /** `path` is the path on this site: below the publication's URL, where that has one. */
  | { readonly kind: 'ours'; readonly path: string }
  /** An address that the publication has left: `to` is its URL now, `path` what stood below the old one. */
  | { readonly kind: 'moved'; readonly to: string; readonly path: string }
  /** 421: somebody points a foreign name here, or a page tries DNS rebinding. */
  | { readonly kind: 'misdirected' };

/** A path that the publication's URL has or had on one host: `/paper`, or nothing at a root. */
interface Place {
  readonly prefix: string;
  readonly isFormer: boolean;
}

const misdirected: HostVerdict = { kind: 'misdirected' };
const keptHeaders = 200;

/**
 * Decides by Host header and path; ports don't count, since a proxy or container may map them. The longest prefix
 * wins. A path outside all of them is taken whole: a proxy may have cut the prefix off.
 *
 * Every link is built from the publication's URL, never from this header.
 */
export function createHostRule(rules: HostRules): (header: string | undefined, path: string) => HostVerdict {
  const placesOf = createPlaces(rules);
  const to = rules.site.url;
  const known = new Map<string, readonly Place[]>();
  return (header, path) => {
    if (header === undefined) return misdirected;
    let places = known.get(header);
    if (places === undefined) {
      places = placesOf(header);
      // Foreign names aren't kept, so that nobody can fill the memory or push ours out.
      if (places.length > 0 && known.size < keptHeaders) known.set(header, places);
    }
    const place = places.find(({ prefix }) => isBelow(path, prefix)) ?? places.at(-1);
    if (place === undefined) return misdirected;
    const local = isBelow(path, place.prefix) ? path.slice(place.prefix.length) || '/' : path;
    return place.isFormer ? { kind: 'moved', to, path: local } : { kind: 'ours', path: local };
  };
}

/** The places on the host of a Host header, the longest prefix first; none on a foreign host. */
function createPlaces({ site, hosts, boundTo }: HostRules): (header: string) => readonly Place[] {
  const current: Place = { prefix: prefixOf(site.url), isFormer: false };
  const byHost = new Map<string | null, Place[]>();
  for (const host of [site.url, ...hosts]) byHost.set(hostName(host), [current]);
  for (const former of site.formerUrls) {
    const places = byHost.get(hostName(former)) ?? [];
    const prefix = prefixOf(former);
    // On a host that is still ours only a path of its own tells the old address from the new one.
    const isTold = places.includes(current) ? prefix !== '' && prefix !== current.prefix : true;
    if (isTold) byHost.set(hostName(former), [...places, { prefix, isFormer: true }]);
  }
  for (const [host, places] of byHost) byHost.set(host, longestFirst(places, current));
  const acceptsLoopback = isLoopback(boundTo);
  return (header) => {
    const name = hostName(header);
    if (name === null) return [];
    return byHost.get(name) ?? (acceptsLoopback && isLoopback(name) ? [current] : []);
  };
}

/** Where our own place is among them it stands at the end once more: it takes what is below no prefix. */
function longestFirst(places: readonly Place[], current: Place): Place[] {
  const sorted = places.toSorted((a, b) => b.prefix.length - a.prefix.length);
  return places.includes(current) && current.prefix !== '' ? [...sorted, current] : sorted;
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || (path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/'));
}

function prefixOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, '');
}

/** Lower-case name of a URL or Host header, without its port; null where it is neither. */
function hostName(value: string): string | null {
  const url = /^https?:\/\//.test(value) ? value : `http://${value}`;
  if (/[\s@\\]/.test(url) || !URL.canParse(url)) return null;
  return new URL(url).hostname.replace(/\.$/, '') || null;
}
