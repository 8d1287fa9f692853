import { absoluteUrl, type Site } from '../../../site.ts';

/** The address of a one-time link. */
export function welcomeUrlOf(site: Site, token: string): string {
  return absoluteUrl(site, `/console/welcome/${token}`);
}
