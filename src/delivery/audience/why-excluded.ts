import type { ExclusionReason } from '../delivery.ts';

const reasons: Readonly<Record<ExclusionReason, string>> = {
  suppressed: 'their address is on the list of those that get no mail',
  suspended: 'too much of their mail came back',
  reserved_domain: 'their address is at a domain that is kept for examples and tests',
  nothing_for_reader: 'nothing in it is their choice, or they had it',
  already_received: 'another entry has the same address',
};

/** Why readers of an edition get nothing: the end of a sentence about several, without its full stop. */
export function whyExcluded(reason: ExclusionReason): string {
  return reasons[reason];
}
