import type { Delivery, DeliveryPage } from '../../../delivery/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { outcomeText, outcomeTone, reasonTexts } from '../html/delivery-words.ts';
import { field, selectField } from '../html/form.ts';
import { pager } from '../html/pager.ts';
import { sumBar } from '../html/sum-bar.ts';
import { type CountedPart, partsOf } from '../html/sum-parts.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { partial } from '../partial.ts';
import { addressText, languageText } from '../readers/reader-words.ts';
import { type EditionPlace, getPlace } from './edition-place.ts';
import { outcomes, readAfter, readOutcomeQuery, reasons } from './outcome-query.ts';

const pageSize = 50;
const numbers = new Intl.NumberFormat('en');

/** `/console/editions/:id/readers`: the account of an edition, and what became of each of its readers. */
export async function outcomesPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { records, editions } = app.after;
  const place = await getPlace(app, request);
  const { edition, pathOf } = place;
  const filter = readOutcomeQuery(request.query);
  const page = await records.listPage(edition.id, filter, readAfter(request.query), pageSize);
  const counts = await editions.getCounts(edition.id);
  const isAny = Object.keys(filter).length === 0;
  const isPruned = counts.candidates > 0 && isAny && page.deliveries.length === 0 && !request.query.has('after');
  const found = foundReaders(request, place, page, isPruned);
  if (request.headers.get('hx-target') === 'found') return partial(found);
  const linkTo = (part: string): string => `${request.consolePath(pathOf('/readers'))}?state=${part}`;
  return consolePage(request, {
    title: place.title,
    section: 'editions',
    main: html`${place.head}
<section class="card" aria-labelledby="account"><header><h2 id="account">Every reader accounted for</h2></header>
${sumBar(counts, { caption: `Readers of ${place.title}`, linkTo })}
${await laterPart(app, place, linkTo)}
${ways(request, place, { ...counts, isPruned })}</section>
<section class="card" aria-labelledby="each"><header><h2 id="each">Each reader</h2></header>
${searchForm(app, request, place, partsOf(counts))}
<div id="found">${found}</div></section>`,
  });
}

/** What came back later, apart from the sum: those were sent. */
async function laterPart(
  { after }: ConsoleApp,
  { edition }: EditionPlace,
  linkTo: (part: string) => string,
): Promise<Html> {
  const { bounced, complained } = await after.records.getReturns(edition.id);
  const link = (outcome: string, text: string): Html =>
    html`<a href="${linkTo('sent')}&amp;outcome=${outcome}">${text}</a>`;
  const parts = [
    ...(bounced > 0 ? [link('bounced', `${numbers.format(bounced)} came back`)] : []),
    ...(complained > 0 ? [link('complained', `${numbers.format(complained)} complained`)] : []),
  ];
  if (parts.length === 0)
    return html`<p class="account-note">Of those sent none has come back, and nobody has complained.</p>`;
  return html`<p class="account-note">What came later: of those sent ${parts[0]}${parts.length > 1 ? html`, ${parts[1]}` : nothing}.</p>`;
}

interface Leftovers {
  readonly failed: number;
  readonly cancelled: number;
  readonly in_doubt: number;
  readonly isPruned: boolean;
}

/** What may be done about those who didn't get it. */
function ways({ may, consolePath }: ConsoleRequest, { pathOf }: EditionPlace, left: Leftovers): Html | '' {
  if (left.isPruned) return nothing;
  const missed = left.failed + left.cancelled;
  return html`<div class="acts">
${left.in_doubt > 0 ? html`<a class="button" href="${consolePath(pathOf('/doubt'))}">Settle ${numbers.format(left.in_doubt)} in doubt</a>` : nothing}
${missed > 0 && may('editions:send') ? html`<a class="button" href="${consolePath(pathOf('/missing'))}">Send to the missing</a>` : nothing}
${may('readers:export') ? html`<form method="post" action="${consolePath(pathOf('/readers/export'))}"><button class="button">Save all as CSV</button></form>` : nothing}
</div>`;
}

function searchForm(
  { site }: ConsoleApp,
  { query, consolePath }: ConsoleRequest,
  { pathOf }: EditionPlace,
  parts: readonly CountedPart[],
): Html {
  const action = consolePath(pathOf('/readers'));
  const any = { value: '', label: 'All' };
  const typed = (name: string): string => query.get(name) ?? '';
  return html`<form class="row find" method="get" action="${action}" role="search" hx-get="${action}" hx-target="#found" hx-push-url="true" hx-trigger="input changed delay:250ms from:#address, change, submit" hx-sync="this:replace">
${field({ name: 'address', label: 'Address begins with', type: 'search', value: typed('address') })}
${selectField({
  name: 'state',
  label: 'State',
  value: typed('state'),
  options: [
    any,
    ...parts.map(({ part, name, readers }) => ({ value: part, label: `${name} (${numbers.format(readers)})` })),
  ],
})}
${selectField({
  name: 'reason',
  label: 'Reason',
  value: typed('reason'),
  options: [any, ...reasons.map((value) => ({ value, label: reasonTexts[value] }))],
})}
${selectField({
  name: 'outcome',
  label: 'Later',
  value: typed('outcome'),
  options: [any, ...outcomes.map((value) => ({ value, label: laterTitles[value] }))],
})}
${selectField({
  name: 'lang',
  label: 'Language',
  value: typed('lang'),
  options: [any, ...site.languages.map((lang) => ({ value: lang, label: languageText(lang) }))],
})}
${field({ name: 'domain', label: 'Domain', value: typed('domain') })}
<button class="button">Search</button></form>`;
}

const laterTitles = { accepted: 'nothing bad', bounced: 'came back', complained: 'complained' } as const;

function foundReaders(request: ConsoleRequest, place: EditionPlace, page: DeliveryPage, isPruned: boolean): Html {
  const next = page.next === null ? null : String(page.next);
  return html`${
    page.deliveries.length === 0
      ? html`<p role="status">${nobody(place, page, isPruned)}</p>`
      : table(
          'Readers and what became of each',
          [
            { title: 'Reader' },
            { title: 'Language' },
            { title: 'Outcome' },
            { title: 'What was said' },
            { title: 'Last change' },
          ],
          page.deliveries.map((delivery) => deliveryRow(request, place, delivery)),
        )
  }
${page.isCutShort && page.deliveries.length > 0 ? html`<p class="help">Few readers are like this, so only ten thousand were looked through; the next page looks further.</p>` : nothing}
${pager(request, place.pathOf('/readers'), next)}`;
}

function nobody({ edition }: EditionPlace, page: DeliveryPage, isPruned: boolean): string {
  if (isPruned) return 'Who got it is no longer kept (retention.deliveries); the sums stay.';
  if (page.isCutShort) return 'Nobody among the ten thousand that were looked through; the next page looks further.';
  return edition.frozenAt === null
    ? 'Its readers are not known before it begins to go out.'
    : 'There is no such reader.';
}

function deliveryRow(
  { consolePath, operator }: ConsoleRequest,
  { pathOf }: EditionPlace,
  delivery: Delivery,
): (Html | string)[] {
  const { id, address, lang, reason, reply, messageId, updatedAt, attemptedAt, notBefore, state } = delivery;
  return [
    html`<div class="cell"><a href="${consolePath(pathOf(`/readers/${id}`))}">${address === null ? '(erased)' : addressText(address)}</a></div>`,
    languageText(lang),
    html`<b class="${outcomeTone(delivery)}">${outcomeText(delivery)}</b>${reason === null ? nothing : html`<br><span class="aside">${reasonTexts[reason]}</span>`}`,
    html`<div class="cell words">${reply === null ? nothing : html`<q dir="auto">${reply}</q><br>`}${messageId === null ? nothing : html`<code class="message-id">${messageId}</code>`}</div>`,
    html`${timeText(operator, attemptedAt ?? updatedAt)}${state === 'deferred' && notBefore !== null ? html`<br><span class="aside">again ${timeText(operator, notBefore)}</span>` : nothing}`,
  ];
}
