/** The area's second door: what the ledger's thread needs of it, which is little. */
export { unarranged } from './arrangement.ts';
