import type { FoundReader, ReaderPage, ReaderSearch } from '../../../subscribers/index.ts';
import { standings } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { field, selectField } from '../html/form.ts';
import { pager } from '../html/pager.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { partial } from '../partial.ts';
import type { ConsoleReaders } from './console-readers.ts';
import { readerNumbers } from './reader-numbers.ts';
import { addressText, languageText, standingText, standingTitles } from './reader-words.ts';
import { placeText, readPlace, readSearch } from './search-query.ts';

/** `/console/readers`: who reads, found by the beginning of an address or a name. */
export async function readersPage({ readers }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const search = readSearch(request.query, readers.choices);
  const page = await readers.directory.search(search, readPlace(request.query.get('after')));
  const found = foundReaders(request, readers, page);
  if (request.headers.get('hx-target') === 'found') return partial(found);
  const isFirstLook = request.query.size === 0;
  return consolePage(request, {
    title: 'Readers',
    section: 'readers',
    main: html`<div class="acts reader-ways">${ways(request)}</div>
<section class="card" aria-labelledby="find"><header><h2 id="find">Find readers</h2></header>
${searchForm(request, readers, search)}
<div id="found">${found}</div></section>
${isFirstLook ? await readerNumbers(request, readers) : nothing}`,
  });
}

const wayList = [
  { path: '/readers/add', title: 'Add a reader', right: 'readers:edit' },
  { path: '/readers/import', title: 'Import', right: 'readers:edit' },
  { path: '/readers/export', title: 'Export', right: 'readers:export' },
  { path: '/suppressions', title: 'Suppressed addresses', right: 'readers:view' },
] as const;

function ways({ may, consolePath }: ConsoleRequest): Html[] {
  return wayList
    .filter(({ right }) => may(right))
    .map(({ path, title }) => html`<a class="button" href="${consolePath(path)}">${title}</a>`);
}

/** Searches as one types; without a script the button does. */
function searchForm(
  { consolePath }: ConsoleRequest,
  { choices, newsletterTitles }: ConsoleReaders,
  search: ReaderSearch,
): Html {
  const any = { value: '', label: 'All' };
  return html`<form class="row find" method="get" action="${consolePath('/readers')}" role="search" hx-get="${consolePath('/readers')}" hx-target="#found" hx-push-url="true" hx-trigger="input changed delay:250ms from:#q, change, submit" hx-sync="this:replace">
${field({ name: 'q', label: 'Begins with', type: 'search', value: search.text })}
${selectField({
  name: 'by',
  label: 'Of the',
  value: search.by,
  options: [
    { value: 'address', label: 'Address' },
    { value: 'name', label: 'Name' },
  ],
})}
${selectField({
  name: 'state',
  label: 'State',
  value: search.standing ?? '',
  options: [any, ...standings.map((standing) => ({ value: standing, label: standingTitles[standing] }))],
})}
${selectField({
  name: 'newsletter',
  label: 'Newsletter',
  value: search.newsletter ?? '',
  options: [any, ...choices.newsletters.map((name) => ({ value: name, label: newsletterTitles.get(name) ?? name }))],
})}
${selectField({
  name: 'lang',
  label: 'Language',
  value: search.lang ?? '',
  options: [any, ...choices.languages.map((lang) => ({ value: lang, label: languageText(lang) }))],
})}
<button class="button">Search</button></form>`;
}

function foundReaders(request: ConsoleRequest, readers: ConsoleReaders, page: ReaderPage): Html {
  const next = page.next === null ? null : placeText(page.next);
  return html`${
    page.readers.length === 0
      ? html`<p role="status">${page.isCutShort ? 'Nobody among the ten thousand that were looked at.' : 'Nobody is found.'}</p>`
      : table(
          'Readers',
          [
            { title: 'Address' },
            { title: 'Name' },
            { title: 'State' },
            { title: 'Newsletters' },
            { title: 'Language' },
            { title: 'Since' },
          ],
          page.readers.map((reader) => readerRow(request, readers, reader)),
        )
  }
${page.isCutShort ? html`<p class="help">Few readers are like this, so only ten thousand were looked at; the next page looks further.</p>` : nothing}
${pager(request, '/readers', next)}`;
}

function readerRow(
  { consolePath, operator }: ConsoleRequest,
  { newsletterTitles }: ConsoleReaders,
  reader: FoundReader,
): (Html | string)[] {
  const { id, email, name, lang, createdAt } = reader.subscriber;
  const newsletters = reader.subscriptions
    .filter(({ state }) => state !== 'left')
    .map(
      ({ newsletter, state }) =>
        `${newsletterTitles.get(newsletter) ?? newsletter}${state === 'paused' ? ' (paused)' : ''}`,
    );
  return [
    html`<a href="${consolePath(`/readers/${id}`)}">${addressText(email ?? '')}</a>`,
    html`<bdi>${name ?? ''}</bdi>`,
    standingText(reader),
    html`<bdi>${newsletters.join(', ') || '–'}</bdi>`,
    languageText(lang),
    timeText(operator, createdAt),
  ];
}
