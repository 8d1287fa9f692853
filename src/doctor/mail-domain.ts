/**
 * DMARC's relaxed alignment (RFC 7489 §3.1) as far as it can be told without a list of public suffixes: equal, or one
 * within the other.
 */
export function isAligned(one: string, other: string): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}
