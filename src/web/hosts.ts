import type { Site } from '../site.ts';
import { isLoopback } from './loopback.ts';

export interface HostRules {
  readonly site: Pick<Site, 'url' | 'formerUrls'>;
  /** `web.hosts` */
  readonly hosts: readonly string[];
  /** The address that the server listens on. */
  readonly boundTo: string;
}

export type HostVerdict =
  | { readonly kind: 'ours' }
  /** A host that the publication has left: `to` is its URL now, without a trailing slash. */
  | { readonly kind: 'moved'; readonly to: string }
  /** 421: somebody points a foreign name here, or a page tries DNS rebinding. */
  | { readonly kind: 'misdirected' };

/**
 * Decides by the Host header alone; ports don't count, since a proxy or container may map them.
 *
 * Every link is built from the publication's URL, never from this header.
 */
export function createHostRule({ site, hosts, boundTo }: HostRules): (header: string | undefined) => HostVerdict {
  const ours = new Set([site.url, ...hosts].map(hostName));
  const former = new Set(site.formerUrls.map(hostName));
  const acceptsLoopback = isLoopback(boundTo);
  return (header) => {
    const name = header === undefined ? null : hostName(header);
    if (name === null) return { kind: 'misdirected' };
    if (ours.has(name)) return { kind: 'ours' };
    if (former.has(name)) return { kind: 'moved', to: site.url };
    return acceptsLoopback && isLoopback(name) ? { kind: 'ours' } : { kind: 'misdirected' };
  };
}

/** Lower-case name of a URL or Host header, without its port; null where it is neither. */
function hostName(value: string): string | null {
  const url = /^https?:\/\//.test(value) ? value : `http://${value}`;
  if (/[\s@\\]/.test(url) || !URL.canParse(url)) return null;
  return new URL(url).hostname.replace(/\.$/, '') || null;
}
