import { type CountingClass, isCounting } from '../bounces/bounce-policy.ts';
import type { Phase } from '../transport.ts';
import type { ReplyClass } from './reply-class.ts';

/** Before the recipient was named nothing can be about them. */
const afterRecipient: ReadonlySet<Phase> = new Set<Phase>(['rcpt', 'data', 'content', 'final_dot']);

/** What a relay's answer in a phase says against the reader's address; null: nothing. */
export function addressFault(replyClass: ReplyClass, phase: Phase): CountingClass | null {
  return isCounting(replyClass) && afterRecipient.has(phase) ? replyClass : null;
}
