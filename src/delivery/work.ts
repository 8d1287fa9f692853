/** The area's second door: what the ledger's thread needs of it, which is little. */
export { type BounceConsequence, type CountedBounce, isCounting, judgeBounces } from './bounces/bounce-policy.ts';
