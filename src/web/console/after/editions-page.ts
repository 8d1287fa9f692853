import {
  type Edition,
  type EditionCounts,
  type EditionFilter,
  type EditionState,
  editionTransitions,
} from '../../../digest/index.ts';
import { localized } from '../../../site.ts';
import { type Rhythm, rhythms } from '../../../subscribers/index.ts';
import { type Html, html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { editionTitle } from '../html/edition-title.ts';
import { selectField } from '../html/form.ts';
import { pager } from '../html/pager.ts';
import { stateSentence } from '../html/state-sentence.ts';
import { sumStrip } from '../html/sum-bar.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';

const pageSize = 30;

/** `/console/editions`: the newest first, each with its account. */
export async function editionsPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { editions } = app.after;
  const wanted = filterOf(request.query);
  const found = await editions.listEditions({ ...wanted, limit: pageSize + 1 });
  const shown = found.slice(0, pageSize);
  const counts = await editions.listCounts(shown.map(({ id }) => id));
  const relays = await app.after.listTroubles();
  const next = found.length > pageSize ? (shown.at(-1)?.id ?? null) : null;
  return consolePage(request, {
    title: 'Editions',
    section: 'editions',
    main: html`<section class="card" aria-label="Editions">${filterForm(app, request, wanted)}
${
  shown.length === 0
    ? html`<p role="status">There is no such edition.</p>`
    : table(
        'Editions, the newest first',
        [{ title: 'Edition' }, { title: 'State' }, { title: 'Readers', isWide: true }],
        shown.map((edition) => [
          editionCell(app, request, edition),
          stateSentence(edition, relays),
          readersCell(counts.get(edition.id)),
        ]),
      )
}
${pager(request, '/editions', next)}</section>`,
  });
}

function editionCell({ site, after }: ConsoleApp, request: ConsoleRequest, edition: Edition): Html {
  const zone = after.newsletters.find(({ name }) => name === edition.newsletter)?.timezone;
  return html`<a href="${request.consolePath(`/editions/${encodeURIComponent(edition.id)}`)}">${editionTitle(site, after.newsletters, edition)}</a><p class="aside">${timeText(request.operator, edition.dueAt, zone)}</p>`;
}

function readersCell(counts: EditionCounts | undefined): Html | string {
  return counts === undefined || counts.candidates === 0 ? '–' : sumStrip(counts);
}

/** What isn't one of the choices counts as none. */
function filterOf(query: URLSearchParams): EditionFilter {
  const newsletter = query.get('newsletter') ?? '';
  const rhythm = rhythms.find((known) => known === query.get('rhythm'));
  const state = states.find((known) => known === query.get('state'));
  const after = query.get('after');
  return {
    ...(newsletter === '' ? {} : { newsletter }),
    ...(rhythm === undefined ? {} : { rhythm }),
    ...(state === undefined ? {} : { states: [state] }),
    ...(after === null ? {} : { after }),
  };
}

function isState(name: string): name is EditionState {
  return Object.hasOwn(editionTransitions, name);
}

const states: readonly EditionState[] = Object.keys(editionTransitions).filter(isState);

const stateTitles: Readonly<Record<EditionState, string>> = {
  draft: 'Draft',
  approved: 'Approved',
  sending: 'Being sent',
  paused: 'Paused',
  sent: 'Sent',
  skipped: 'Not sent',
  held: 'Held',
  cancelled: 'Called off',
};

const rhythmTitles: Readonly<Record<Rhythm, string>> = {
  each: 'Each edition',
  daily: 'Best of a day',
  weekly: 'Best of a week',
  monthly: 'Best of a month',
};

function filterForm(
  { site, after }: ConsoleApp,
  { consolePath }: ConsoleRequest,
  { newsletter, rhythm, states: [state] = [] }: EditionFilter,
): Html {
  const any = { value: '', label: 'All' };
  return html`<form class="row find" method="get" action="${consolePath('/editions')}">
${selectField({
  name: 'newsletter',
  label: 'Newsletter',
  value: newsletter ?? '',
  options: [any, ...after.newsletters.map(({ name, title }) => ({ value: name, label: localized(title, 'en', site) }))],
})}
${selectField({
  name: 'rhythm',
  label: 'For readers of',
  value: rhythm ?? '',
  options: [any, ...rhythms.map((value) => ({ value, label: rhythmTitles[value] }))],
})}
${selectField({
  name: 'state',
  label: 'State',
  value: state ?? '',
  options: [any, ...states.map((value) => ({ value, label: stateTitles[value] }))],
})}
<button class="button">Show</button></form>`;
}
