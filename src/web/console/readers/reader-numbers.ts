import type { ReaderCount } from '../../../subscribers/index.ts';
import { type Html, html } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { table } from '../html/table.ts';
import type { ConsoleReaders } from './console-readers.ts';

const figures = ['reading', 'paused', 'suspended', 'suppressed', 'left'] as const;

/** How many readers there are, in all and of each newsletter. */
export async function readerNumbers(
  { now }: ConsoleRequest,
  { counts, newsletterTitles }: ConsoleReaders,
): Promise<Html> {
  const [people, ofNewsletters] = await Promise.all([counts.countSubscribers(), counts.listCounts(now)]);
  const byNewsletter = Map.groupBy(ofNewsletters, ({ newsletter }) => newsletter);
  const number = new Intl.NumberFormat('en');
  const rows = [...byNewsletter].map(([name, ofLanguages]) => [
    html`<bdi>${newsletterTitles.get(name) ?? name}</bdi>`,
    ...figures.map((figure) => number.format(sumOf(ofLanguages, figure))),
  ]);
  const numbers = { title: '', isNumber: true };
  return html`<section class="card" aria-labelledby="numbers"><header><h2 id="numbers">How many</h2></header>
<p>${number.format(people.active)} active, ${number.format(people.pending)} not confirmed yet, ${number.format(people.suspended)} suspended after bounces; ${number.format(people.erased)} were erased.</p>
${table(
  'Readers of each newsletter',
  [
    { title: 'Newsletter' },
    { ...numbers, title: 'Get it' },
    { ...numbers, title: 'Paused' },
    { ...numbers, title: 'Suspended' },
    { ...numbers, title: 'Suppressed' },
    { ...numbers, title: 'Left' },
  ],
  rows,
)}</section>`;
}

function sumOf(counts: readonly ReaderCount[], figure: (typeof figures)[number]): number {
  return counts.reduce((sum, count) => sum + count[figure], 0);
}
