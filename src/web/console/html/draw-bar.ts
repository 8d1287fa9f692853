import { type Html, html } from '../../html/html.ts';
import type { CountedPart, SumPart } from './sum-parts.ts';

/** In percent of the bar: a part of one reader in a million is seen too. */
const leastWidth = 0.6;
/** Between two parts, in percent. */
const gap = 0.25;

/** A bar of parts side by side, told apart by colour and pattern; sizes are in percent, so that it fits any width. */
export function drawBar(parts: readonly CountedPart[], height: 'tall' | 'low'): Html {
  const shown = parts.filter(({ readers }) => readers > 0);
  const widths = widthsOf(shown.map(({ readers }) => readers));
  let start = 0;
  const drawn = shown.map(({ part }, index) => {
    const width = widths[index] ?? 0;
    const isLast = index === shown.length - 1;
    const piece = swatch(part, start, width - (isLast ? 0 : gap));
    start += width;
    return piece;
  });
  return html`<svg class="bar bar-${height}" aria-hidden="true">${drawn}</svg>`;
}

/** The square before a part's name. */
export function drawKey(part: SumPart): Html {
  return html`<svg class="bar-key" aria-hidden="true">${swatch(part, 0, 100)}</svg>`;
}

/** Leads from what was left of the first bar to the whole width of the second. */
export function drawWedge(share: number): Html {
  const from = round(Math.min(share * 1000, 1000 - 10 * leastWidth));
  return html`<svg class="bar-wedge" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true"><path d="M${from} 0L0 24H1000V0Z"/></svg>`;
}

/** In percent; the small ones are widened at the cost of the others. */
function widthsOf(readers: readonly number[]): number[] {
  const total = readers.reduce((sum, count) => sum + count, 0);
  const shares = readers.map((count) => (100 * count) / total);
  const small = shares.filter((share) => share < leastWidth);
  const scale = (100 - small.length * leastWidth) / (100 - small.reduce((sum, share) => sum + share, 0));
  return shares.map((share) => (share < leastWidth ? leastWidth : share * scale));
}

/** Where stripes run along the bar: from which heights, in percent. */
const courses = [6, 31, 56, 81];

/** A ground and the stripes on it. Those across the bar are a dashed line thicker than the bar: no pattern needs an id. */
function swatch(part: SumPart, x: number, width: number): Html {
  const [start, end, wide] = [percent(x), percent(x + width), percent(width)];
  const ground = html`<rect class="${part}" x="${start}" width="${wide}" height="100%"/>`;
  if (part === 'deferred' || part === 'cancelled' || part === 'attempting') {
    return html`${ground}<line class="${part}" x1="${start}" x2="${end}" y1="50%" y2="50%"/>`;
  }
  if (part !== 'in_doubt') return ground;
  return html`${ground}${courses.map((y) => html`<rect class="in_doubt stripe" x="${start}" width="${wide}" y="${y}%" height="13%"/>`)}`;
}

function percent(value: number): string {
  return `${round(value)}%`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
