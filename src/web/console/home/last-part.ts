import type { Edition } from '../../../digest/index.ts';
import { type Html, html } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { localizedText } from '../html/localized-text.ts';
import { sumBar } from '../html/sum-bar.ts';
import { timeText } from '../html/time-text.ts';
import type { ConsoleHome } from './console-home.ts';

/** What happened last: of each newsletter the edition that left last, accounted for reader by reader. */
export async function lastPart(request: ConsoleRequest, { newsletters, editions }: ConsoleHome): Promise<Html> {
  const { site, operator, may, consolePath } = request;
  const last: Html[] = [];
  for (const { name, title, timezone } of newsletters) {
    const [edition] = await editions.listEditions({ newsletter: name, isFrozen: true, limit: 1 });
    if (edition === undefined) continue;
    const path = consolePath(`/editions/${encodeURIComponent(edition.id)}/readers`);
    const counts = await editions.getCounts(edition.id);
    last.push(html`<article><div class="coming-head"><h3><a href="${consolePath(`/editions/${encodeURIComponent(edition.id)}/sending`)}">${localizedText(site, title)}</a></h3>
<p>${timeText(operator, edition.frozenAt ?? edition.dueAt, timezone)}</p></div>
${sumBar(counts, { caption: `${name}, ${edition.key}: ${stateWords[edition.state]}`, linkTo: (part) => (may('readers:view') ? `${path}?state=${part}` : null) })}</article>
`);
  }
  return html`<header><h2 id="desk-last-head">What happened last</h2></header>
${last.length === 0 ? html`<p>No edition has left yet.</p>` : last}`;
}

const stateWords: Readonly<Record<Edition['state'], string>> = {
  draft: 'a draft',
  approved: 'approved',
  sending: 'going out',
  paused: 'paused',
  held: 'held',
  sent: 'sent',
  skipped: 'left out',
  cancelled: 'given up',
};
