import type { ReplyClass } from './reply-class.ts';

/** So many at least, so that one refusal doesn't stop an edition to thirty readers. */
const leastFaults = 5;
const mostShare = 0.01;

/** Faults of ours that many readers would have. */
export function isSenderFault(replyClass: ReplyClass): boolean {
  return replyClass === 'our_protocol' || replyClass === 'our_reputation';
}

/** Whether sender faults are so many among the answers (and reports) that an edition has to wait for a person. */
export function areTooMany(faults: number, answers: number): boolean {
  return faults >= leastFaults && faults > answers * mostShare;
}
