export { createDnsLookups, type DnsLookups } from './dns-lookups.ts';
export { examine } from './examine.ts';
export { listOwnAddresses } from './own-addresses.ts';
