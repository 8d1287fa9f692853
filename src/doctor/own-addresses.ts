import { networkInterfaces } from 'node:os';
import { isPublicAddress } from '../outbound-client.ts';

/** This machine's addresses that others can reach it by. */
export function listOwnAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter(isPublicAddress);
}
