export { createDnsLookups } from './dns-lookups.ts';
export { examine } from './examine.ts';
export type { Finding } from './finding.ts';
export { listOwnAddresses } from './own-addresses.ts';
