import type { Edition, HeldReason } from './edition.ts';

const holds: Readonly<Record<HeldReason, string>> = {
  missed: 'its time was missed by more than its grace',
  insecure_url: 'publication.url is not https, and links to leave would not be safe. Set SILKPOST_URL first',
  template: 'it can not be composed; silkpost preview says why. Mend that first',
};

/** Why an edition is held: the end of a sentence, without its full stop. */
export function whyHeld(edition: Pick<Edition, 'reason'>): string {
  return Object.entries(holds).find(([reason]) => reason === edition.reason)?.[1] ?? 'no reason was given';
}

/** What an operator may do about it. */
export function whatToDoAboutHold({ id }: Pick<Edition, 'id'>): string {
  return `silkpost editions approve ${id} lets it go, cancel gives it up.`;
}
