import type { Instant } from '../../clock.ts';
import type { LedgerEntry } from '../delivery-ledger.ts';
import type { AttemptResult } from '../transport.ts';
import { classifyReply, type ReplyClass } from './reply-class.ts';
import { nextTry } from './retry-policy.ts';
import { isSenderFault } from './sender-faults.ts';
import { parseReply, shortReply } from './smtp-reply.ts';

/** What is known of an attempt besides its result. */
export interface AttemptSoFar {
  readonly hasBegun: boolean;
  /** With this one. */
  readonly tries: number;
  /** Whether it ended a connection before; asked once for each connection that it ended. */
  isSuspect(deliveryId: number): boolean;
  readonly now: Instant;
  /** In [0, 1), for the spread of retries. */
  readonly random: () => number;
}

/** What a result has the ledger write; null: its row is dealt with. */
export function entryOf(result: AttemptResult, soFar: AttemptSoFar): LedgerEntry | null {
  const { deliveryId, token } = result.attempt;
  // Its begin was refused, unless it had begun ahead.
  if (result.kind === 'stopped' && !soFar.hasBegun) return null;
  if (result.kind === 'stopped' || result.reply === null) {
    return { kind: 'returned', deliveryId, token, reply: null, phase: null, class: null };
  }
  const entry = { deliveryId, token, reply: shortReply(result.reply), phase: result.phase, class: classOf(result) };
  const deferred = (): LedgerEntry => ({
    ...entry,
    kind: 'deferred',
    notBefore: nextTry(soFar.tries, soFar.now, soFar.random()),
  });
  switch (result.kind) {
    case 'sent':
    case 'in_doubt':
      return { ...entry, kind: result.kind };
    case 'deferred':
      return deferred();
    case 'failed':
      return { ...entry, kind: 'failed', reason: 'rejected' };
    case 'returned':
      // Once is the connection's bad luck; a message that ends every connection waits like any other.
      return result.reached && soFar.isSuspect(deliveryId) ? deferred() : { ...entry, kind: 'returned' };
    default:
      return result satisfies never;
  }
}

/** What a relay's answer says about whom; null where it gave none. */
export function classOf(result: AttemptResult): ReplyClass | null {
  if (result.kind === 'sent') return 'accepted';
  if (result.kind !== 'deferred' && result.kind !== 'failed') return null;
  return classifyReply(parseReply(result.reply), result.phase);
}

export type Fault = AttemptResult & { readonly reply: string };

/** Whether a relay's answer finds fault with the sender. */
export function isFault(result: AttemptResult): result is Fault {
  const replyClass = classOf(result);
  return replyClass !== null && isSenderFault(replyClass);
}
