import type { Instant } from '../clock.ts';

/** An address that gets no mail. */
export interface Suppression {
  /** Known where a subscriber still has it; the hash alone is kept. */
  readonly email: string | null;
  readonly addressKey: string;
  /** `address_gone`, `complaint`, or an operator's words. */
  readonly reason: string;
  readonly since: Instant;
}

/** `complaint`: nothing is changed, since only the reader's own new consent lifts that. `none`: it wasn't suppressed. */
export type Lifting = 'lifted' | 'complaint' | 'none';

const longestReason = 200;

/** An operator's words for why an address gets no mail; null for what is none. */
export function parseSuppressionReason(text: string): string | null {
  const reason = text.trim();
  return reason === '' || reason.length > longestReason || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(reason) ? null : reason;
}
