import { plusMs } from '../../../clock.ts';
import type { ReaderCount, ReaderDay } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { changeChart, lineChart, shortDay } from '../html/chart.ts';
import { localizedText } from '../html/localized-text.ts';
import { table } from '../html/table.ts';
import type { ConsoleHome } from './console-home.ts';

const daysShown = 90;
const dayMs = 24 * 3_600_000;
const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat('en', { signDisplay: 'exceptZero' });

/** A newsletter’s readers over the last 90 days: a line, who came and went, and the same in figures. */
export async function readersPart(request: ConsoleRequest, home: ConsoleHome): Promise<Html> {
  const { query, now, site } = request;
  const { newsletters, readerCounts } = home;
  const chosen = newsletters.find(({ name }) => name === query.get('newsletter')) ?? newsletters[0];
  if (chosen === undefined) return html``;
  const counts = (await readerCounts.listCounts(now)).filter(({ newsletter }) => newsletter === chosen.name);
  const [from, today] = [plusMs(now, -(daysShown - 1) * dayMs).slice(0, 10), now.slice(0, 10)];
  const days = await readerCounts.listDays(chosen.name, from, today);
  return html`<section class="card" id="desk-readers" aria-labelledby="desk-readers-head"><header><h2 id="desk-readers-head">Readers of ${localizedText(site, chosen.title)}</h2>
<p>${standing(counts)}</p></header>
${newsletters.length < 2 ? nothing : choices(request, home, chosen.name)}
${charts(days)}
<details><summary>The same in figures</summary>${figures(days)}</details></section>`;
}

function choices({ site, consolePath }: ConsoleRequest, { newsletters }: ConsoleHome, chosen: string): Html {
  return html`<nav class="choices" aria-label="Readers of"><ul>${newsletters.map(
    ({ name, title }) =>
      html`<li><a href="${consolePath('/')}?newsletter=${encodeURIComponent(name)}#desk-readers"${name === chosen ? html` aria-current="true"` : nothing}>${localizedText(site, title)}</a></li>`,
  )}</ul></nav>`;
}

/** `12,480 get it, 310 pause, 97 unreachable` */
function standing(counts: readonly ReaderCount[]): string {
  const sum = (of: (count: ReaderCount) => number): number => counts.reduce((total, count) => total + of(count), 0);
  const rest = [
    { readers: sum(({ paused }) => paused), name: 'in a pause' },
    { readers: sum(({ suspended }) => suspended), name: 'suspended' },
    { readers: sum(({ suppressed }) => suppressed), name: 'suppressed' },
  ].filter(({ readers }) => readers > 0);
  return [`${numbers.format(sum(({ reading }) => reading))} get it`]
    .concat(rest.map(({ readers, name }) => `${numbers.format(readers)} ${name}`))
    .join(', ');
}

function charts(days: readonly ReaderDay[]): Html {
  const [first, last] = [days[0]?.reading ?? 0, days.at(-1)?.reading ?? 0];
  const [joined, left] = [days.reduce((sum, day) => sum + day.joined, 0), days.reduce((sum, day) => sum + day.left, 0)];
  return html`<figure>${lineChart(
    {
      id: 'reading',
      title: `Readers in the last ${days.length} days`,
      summary: `From ${numbers.format(first)} to ${numbers.format(last)} readers: ${signed.format(last - first)}.`,
    },
    days.map(({ day, reading }) => ({ day, value: reading })),
  )}${changeChart(
    {
      id: 'change',
      title: 'Who came and who left each day',
      summary: `${numbers.format(joined)} came and ${numbers.format(left)} left.`,
    },
    days.map(({ day, joined: up, left: down }) => ({ day, up, down })),
  )}<figcaption>${numbers.format(joined)} <span class="came">came</span>, ${numbers.format(left)} <span class="went">left</span> in ${days.length} days. Days are those of UTC.</figcaption></figure>`;
}

/** Only days on which something happened; the newest first. */
function figures(days: readonly ReaderDay[]): Html {
  const rows = days
    .filter(({ joined, left }) => joined + left > 0)
    .reverse()
    .map(({ day, joined, left, reading }) => [
      html`<time datetime="${day}">${shortDay(day)}</time>`,
      numbers.format(joined),
      numbers.format(left),
      numbers.format(reading),
    ]);
  if (rows.length === 0) return html`<p>Nobody came and nobody left.</p>`;
  const columns = [
    { title: 'Day' },
    { title: 'Came', isNumber: true },
    { title: 'Left', isNumber: true },
    { title: 'Readers at its end', isNumber: true },
  ];
  return table('Readers day by day', columns, rows);
}
