import type { Edition, HeldReason } from './edition.ts';

const holds: Readonly<Record<HeldReason, string>> = {
  missed: 'its time was missed by more than its grace',
  insecure_url: 'publication.url is not https, and links to leave would not be safe. Set SILKPOST_URL first',
  restored:
    'Silkpost was away, or an older copy of the database was put in place, so it may have gone out already. Look into the relay’s log first',
  clock: 'the clock was moved by more than five minutes. Set it right first',
  transport: 'its relay could not be used until it expired; silkpost doctor looks at the relay. Mend that first',
  approval: 'nobody has approved it as it is now',
  preflight: 'something in it should be mended first; its Preflight page in the console says what',
  template: 'it can not be composed; silkpost preview says why. Mend that first',
};

/** Why an edition is held: the end of a sentence, without its full stop. */
export function whyHeld(edition: Pick<Edition, 'reason'>): string {
  return Object.entries(holds).find(([reason]) => reason === edition.reason)?.[1] ?? 'no reason was given';
}

/** What an operator may do about it. */
export function whatToDoAboutHold({ id, reason, frozenAt }: Pick<Edition, 'id' | 'reason' | 'frozenAt'>): string {
  if (frozenAt !== null) {
    return `silkpost editions approve ${id} sends it to all whose delivery is queued, cancel gives the rest up.`;
  }
  if (reason === 'restored') {
    return `silkpost editions approve ${id} sends it; skip says that it has gone out, so that its stories don’t come again.`;
  }
  return `silkpost editions approve ${id} lets it go, cancel gives it up.`;
}
