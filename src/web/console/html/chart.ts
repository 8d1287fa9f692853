import { type Html, html } from '../../html/html.ts';

/** A value a day, oldest first, without a gap. */
export interface DayValue {
  /** `2026-11-27` */
  readonly day: string;
  readonly value: number;
}

/** Days on which somebody came and somebody went. */
export interface DayChange {
  readonly day: string;
  readonly up: number;
  readonly down: number;
}

interface ChartText {
  /** Unique in the page. */
  readonly id: string;
  /** What it shows, in some words. */
  readonly title: string;
  /** What there is to see in it: a sentence. */
  readonly summary: string;
}

/**
 * A line of values over days with the ground below it. Its words and lines keep their size at any width: only what is drawn
 * is stretched. At least one day.
 */
export function lineChart({ id, title, summary }: ChartText, days: readonly DayValue[]): Html {
  const scale = niceScale(Math.min(...days.map(({ value }) => value)), Math.max(...days.map(({ value }) => value)));
  const points = days.map(
    ({ value }, index) => `${round(across(index, days.length))} ${round(100 - scale.share(value) * 100)}`,
  );
  const [first] = points;
  const line = points.length === 1 ? `M0 ${first?.split(' ')[1]}H100` : `M${points.join('L')}`;
  return html`<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${summary}</desc>
${scale.steps.map((step) => rule(100 - scale.share(step) * 100, number(step)))}
<svg class="chart-ground" viewBox="0 0 100 100" preserveAspectRatio="none"><path class="area" d="${line}V100H0Z"/><path class="line" d="${line}"/></svg>
</svg>${dayMarks(days)}`;
}

/** Two bars a day from a common line: who came above it, who went below. At least one day. */
export function changeChart({ id, title, summary }: ChartText, days: readonly DayChange[]): Html {
  const most = Math.max(1, ...days.flatMap(({ up, down }) => [up, down]));
  const wide = 100 / days.length;
  const bars = days.map(({ up, down }, index) => {
    const x = round(index * wide + wide * 0.15);
    const width = round(wide * 0.7);
    const [above, below] = [round((up / most) * 48), round((down / most) * 48)];
    return html`${up > 0 ? html`<rect class="up" x="${x}" y="${round(50 - above)}" width="${width}" height="${above}"/>` : ''}${down > 0 ? html`<rect class="down" x="${x}" y="50" width="${width}" height="${below}"/>` : ''}`;
  });
  return html`<svg class="chart chart-low" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${title}</title><desc id="${id}-desc">${summary}</desc>
<svg class="chart-ground" viewBox="0 0 100 100" preserveAspectRatio="none">${bars}<path class="base" d="M0 50H100"/></svg>
</svg>`;
}

export interface Scale {
  /** Where rules are drawn, from the lowest to the highest. */
  readonly steps: readonly number[];
  /** How high up a value stands, from 0 to 1. */
  share(value: number): number;
}

/** From nought where the values come near it; else cut off below, so that a change of one in a hundred is seen. */
export function niceScale(least: number, most: number): Scale {
  const from = least < most * 0.6 ? 0 : least;
  const step = niceStep(Math.max(most - from, 1) / 3);
  const bottom = Math.floor(from / step) * step;
  const top = Math.max(Math.ceil(most / step) * step, bottom + step);
  const steps = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) => bottom + index * step);
  return { steps, share: (value) => (value - bottom) / (top - bottom) };
}

/** 1, 2 or 5 times a power of ten; whole, since people are. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(atLeast, 1)));
  return (([1, 2, 5, 10] as const).find((factor) => factor * power >= atLeast) ?? 10) * power;
}

function rule(y: number, label: string): Html {
  return html`<line class="rule" x1="0" x2="100%" y1="${round(y)}%" y2="${round(y)}%"/><text x="0" y="${round(y)}%" dy="-4">${label}</text>`;
}

/** The first, the middle and the last day. */
function dayMarks(days: readonly DayValue[]): Html {
  const marks = [...new Set([0, Math.floor((days.length - 1) / 2), days.length - 1])].flatMap(
    (index) => days[index] ?? [],
  );
  return html`<p class="chart-days" aria-hidden="true">${marks.map(({ day }) => html`<span>${shortDay(day)}</span>`)}</p>`;
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const numberFormat = new Intl.NumberFormat('en');

/** `27 Nov` */
export function shortDay(day: string): string {
  return dayFormat.format(Date.parse(`${day}T00:00:00.000Z`));
}

function number(value: number): string {
  return numberFormat.format(value);
}

function across(index: number, count: number): number {
  return count === 1 ? 0 : (index / (count - 1)) * 100;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
