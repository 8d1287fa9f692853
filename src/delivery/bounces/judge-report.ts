import { classifyReply, type ReplyClass } from '../replies/reply-class.ts';
import { parseReply } from '../replies/smtp-reply.ts';
import type { ReportedRecipient } from './arrival.ts';

/** What a report means for the delivery to one address. */
export type ReportVerdict =
  | { readonly kind: 'failed'; readonly class: ReplyClass; readonly status: string | null; readonly said: string }
  | { readonly kind: 'delivered' }
  /** Still trying, or it reached some of those that the address stands for. */
  | { readonly kind: 'undecided' };

/** From what weighs least on the reader to what weighs most. */
const weights = ['soft', 'refused', 'slowly_gone', 'address_gone'];

/**
 * Our mail has one recipient; a report of several, or of another address, comes from a forward or a list behind it. Of
 * several that failed the mildest counts, and that a forward's target is gone doesn't prove that the address is.
 */
export function judgeReport(recipients: readonly ReportedRecipient[], address: string): ReportVerdict {
  const own = recipients.filter((recipient) => isAbout(recipient, address));
  const relevant = own.length > 0 ? own : recipients;
  if (relevant.some(({ action }) => action !== 'failed')) {
    return relevant.every(({ action }) => action === 'delivered') ? { kind: 'delivered' } : { kind: 'undecided' };
  }
  const [mildest] = relevant.map(failureOf).sort((a, b) => weights.indexOf(a.class) - weights.indexOf(b.class));
  if (mildest === undefined) return { kind: 'undecided' };
  const isElsewhere = own.length === 0 && relevant.every((recipient) => recipient.address !== null);
  return isElsewhere && mildest.class === 'address_gone' ? { ...mildest, class: 'slowly_gone' } : mildest;
}

function failureOf({ status, said }: ReportedRecipient): Extract<ReportVerdict, { kind: 'failed' }> {
  const { code, enhanced, text } = parseReply(said);
  const known = classifyReply({ code, enhanced: status ?? enhanced, text }, 'report');
  // It failed, whatever the words: a report that says “accepted” or nothing at all proves nothing against the reader.
  const replyClass = known === 'accepted' ? 'soft' : known;
  return { kind: 'failed', class: replyClass, status, said };
}

function isAbout({ address, originalAddress }: ReportedRecipient, wanted: string): boolean {
  const same = (text: string | null) => text?.toLowerCase() === wanted.toLowerCase();
  return same(address) || same(originalAddress);
}
