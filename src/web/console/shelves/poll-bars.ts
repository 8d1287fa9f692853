import { type Html, html } from '../../html/html.ts';
import { shortDay } from '../html/chart.ts';
import type { PolledDay } from './feed-readership.ts';

/** A bar a day: all polls, and over them those that were told that nothing is new. At least one day. */
export function pollBars(days: readonly PolledDay[], height: 'tall' | 'low'): Html {
  const most = Math.max(1, ...days.map(({ polls }) => polls));
  const wide = 100 / days.length;
  const bars = days.map(({ polls, unchanged }, index) => {
    if (polls === 0) return '';
    const [x, width] = [round(index * wide + wide * 0.1), round(wide * 0.8)];
    const [all, same] = [round((polls / most) * 100), round((unchanged / most) * 100)];
    return html`<rect class="whole" x="${x}" y="${round(100 - all)}" width="${width}" height="${all}"/>${unchanged === 0 ? '' : html`<rect class="same" x="${x}" y="${round(100 - same)}" width="${width}" height="${same}"/>`}`;
  });
  return html`<svg class="polls polls-${height}" role="img" aria-label="${summary(days)}" viewBox="0 0 100 100" preserveAspectRatio="none">${bars}<path class="base" d="M0 100H100"/></svg>`;
}

/** The square before the name of a bar's part. */
export function pollKey(part: 'whole' | 'same'): Html {
  return html`<svg class="polls-key" aria-hidden="true"><rect class="${part}" width="100%" height="100%"/></svg>`;
}

function summary(days: readonly PolledDay[]): string {
  const top = days.reduce((best, day) => (day.polls > best.polls ? day : best));
  if (top.polls === 0) return `Nobody asked in ${days.length} days`;
  return `${days.length} days, at most ${top.polls.toLocaleString('en')} polls, on ${shortDay(top.day)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
