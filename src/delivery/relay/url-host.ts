import { domainToASCII } from 'node:url';

/**
 * The host of an `smtp:` or `imap:` URL as DNS knows it, an IPv6 address without its brackets; empty where it is none. In such
 * schemes URL leaves a name as it was typed, and escapes what isn't ASCII.
 */
export function hostOf({ hostname }: URL): string {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (!host.includes('%')) return host;
  try {
    const name = decodeURIComponent(host);
    return /[\p{Cc}\s]/u.test(name) ? '' : domainToASCII(name);
  } catch {
    return ''; // an escape of nothing
  }
}
