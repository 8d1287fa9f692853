import type { EditionState } from '../../../digest/index.ts';

/** The steps of an edition, in their order. */
export const editionSteps = ['Drafted', 'Approved', 'Sending', 'Sent'] as const;

/** How many of them lie behind an edition in each state. */
export const stepsDone: Readonly<Record<EditionState, number>> = {
  draft: 1,
  held: 1,
  skipped: 1,
  cancelled: 1,
  approved: 2,
  paused: 2,
  sending: 2,
  sent: 4,
};
