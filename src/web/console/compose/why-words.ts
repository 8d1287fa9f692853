import type { Story } from '../../../content/index.ts';
import type { WhyChosen, WhyOmitted } from '../../../digest/index.ts';
import { type Html, html } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { timeText } from '../html/time-text.ts';

type Zone = ConsoleRequest['operator'];

/** Why an edition holds a story, for people. */
export function whyChosen(why: WhyChosen, { original }: Story, zone: Zone): Html {
  switch (why.kind) {
    case 'pinned':
      return html`Pinned at the top`;
    case 'named':
      return html`Named by whoever asked for this edition`;
    case 'dated':
      return html`Dated ${timeText(zone, original.date)}, in the time that was asked for`;
    case 'new': {
      const priority = original.priority === 'normal' ? '' : `, marked as ${original.priority}`;
      return why.since === null
        ? html`New: there was no edition before${priority}`
        : html`New since ${timeText(zone, why.since)}${priority}`;
    }
    default:
      return why satisfies never;
  }
}

/** Why it doesn't. */
export function whyOmitted(why: WhyOmitted, zone: Zone): Html {
  switch (why.kind) {
    case 'left_out':
      return html`Left out by <bdi>${why.by}</bdi>`;
    case 'not_named':
      return html`Not among those that were named`;
    case 'used':
      return html`In an earlier edition`;
    case 'elsewhere':
      return html`Not of this newsletter’s countries or topics`;
    case 'passed_over':
      return html`Published before the last edition, ${timeText(zone, why.cutoff)}, and not in it`;
    case 'too_old':
      return html`Dated before ${timeText(zone, why.since)}: too old to be news`;
    case 'over_limit':
      return html`No room: this newsletter takes ${why.limit}`;
    default:
      return why satisfies never;
  }
}
