import type { EditionCounts } from '../../../digest/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import { drawBar, drawKey, drawWedge } from './draw-bar.ts';
import { type CountedPart, partsOf, type SumPart } from './sum-parts.ts';

export interface SumBarOptions {
  /** What the numbers are about, for those who can't see what they stand under: `Weekly, 11 March 2023`. */
  readonly caption: string;
  /** Where a part's readers are listed; null: nowhere. Default: nowhere. */
  readonly linkTo?: (part: SumPart) => string | null;
}

const numbers = new Intl.NumberFormat('en');

/**
 * The account of an edition: one bar of all its readers, a second one of only those it did not reach, a row for each part,
 * and their sum.
 *
 * @throws Error where the parts don't add up.
 */
export function sumBar(counts: EditionCounts, { caption, linkTo = () => null }: SumBarOptions): Html {
  const parts = partsOf(counts);
  const rest = parts.filter(({ part }) => part !== 'sent');
  const missed = counts.candidates - counts.sent;
  const isWorthASecond = counts.sent > 0 && missed > 0;
  return html`<div class="account">
${drawBar(parts, 'tall')}
${isWorthASecond ? html`${drawWedge(counts.sent / counts.candidates)}${drawBar(rest, 'low')}<p class="account-note">The rest, drawn larger: <b>${numbers.format(missed)}</b></p>` : nothing}
<table class="account-sum"><caption class="hidden">${caption}</caption>
<tbody>${parts.map((part) => row(part, linkTo(part.part)))}</tbody>
<tfoot><tr><th scope="row">All readers</th><td class="number">${numbers.format(counts.candidates)}</td><td class="why"><span class="adds-up">${sumSentence(parts.length)}</span></td></tr></tfoot></table>
</div>`;
}

/** The same in a line of a list: the bar, and its sum in words. */
export function sumStrip(counts: EditionCounts): Html {
  const parts = partsOf(counts);
  return html`<div class="account-strip"><p><b class="number">${numbers.format(counts.candidates)}</b> <span class="why">${describeParts(parts)}</span></p>${drawBar(parts, 'low')}</div>`;
}

function row({ part, name, readers, why }: CountedPart, link: string | null): Html {
  const number = numbers.format(readers);
  return html`<tr><th scope="row">${drawKey(part)}${link === null ? name : html`<a href="${link}">${name}</a>`}</th><td class="number">${number}</td><td class="why">${why}</td></tr>
`;
}

/** `11,902 sent, 214 put off` */
function describeParts(parts: readonly CountedPart[]): string {
  return parts.map(({ name, readers }) => `${numbers.format(readers)} ${name.toLowerCase()}`).join(', ');
}

function sumSentence(rows: number): string {
  return rows === 1 ? 'The row is all there is.' : `The ${rows} rows add up to all readers.`;
}
