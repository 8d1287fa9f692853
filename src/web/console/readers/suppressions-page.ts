import type { FoundSuppression, SuppressionPlace } from '../../../subscribers/index.ts';
import { parseEmailAddress } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field } from '../html/form.ts';
import { pager } from '../html/pager.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import type { ConsoleReaders } from './console-readers.ts';
import { addressText, suppressionText } from './reader-words.ts';
import { reasonHelp } from './suppression-deeds.ts';

/** `/console/suppressions`: addresses that get no mail; one can be asked about, kept out or let in. */
export function suppressionsPage({ readers }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  return drawSuppressions(readers, request, new URLSearchParams(), {});
}

/** The same with what was typed and refused. */
export async function drawSuppressions(
  readers: ConsoleReaders,
  request: ConsoleRequest,
  form: URLSearchParams,
  errors: FieldErrors,
): Promise<Response> {
  const { suppressions, next } = await readers.directory.listSuppressions(readPlace(request.query.get('after')));
  const asked = request.query.get('address')?.trim() ?? '';
  const parsed = asked === '' ? null : parseEmailAddress(asked);
  const wrong: FieldErrors = parsed?.ok === false ? { address: parsed.reason } : {};
  return consolePage(request, {
    title: 'Suppressed addresses',
    section: 'readers',
    ...(parsed?.ok === false ? { status: 422 } : {}),
    main: html`<div class="cards two">
<section class="card" aria-labelledby="ask"><header><h2 id="ask">Look one up</h2></header>
<form class="row" method="get" action="${request.consolePath('/suppressions')}" role="search">${field({ name: 'address', label: 'Address', type: 'search', value: asked, errors: wrong })}<button class="button">Look it up</button></form>
${parsed?.ok === true ? await answer(readers, request, parsed.address.text) : nothing}</section>
${request.may('readers:edit') ? addForm(request, form, errors) : nothing}
<section class="card span" aria-labelledby="all"><header><h2 id="all">All of them</h2><p>newest first</p></header>
<p class="help">Of an address only a keyed hash is kept, so it shows only where a reader still has it.</p>
${
  suppressions.length === 0
    ? html`<p>There is none.</p>`
    : table(
        'Suppressed addresses',
        [{ title: 'Address' }, { title: 'Why' }, { title: 'Since' }],
        suppressions.map((suppression) => suppressionRow(request, suppression)),
      )
}
${pager(request, '/suppressions', next === null ? null : `${next.since}~${next.addressKey}`)}</section></div>`,
  });
}

async function answer({ directory }: ConsoleReaders, request: ConsoleRequest, text: string): Promise<Html> {
  const found = await directory.findSuppression(text);
  if (found === null) return html`<p role="status">${addressText(text)} isn’t suppressed.</p>`;
  const since = timeText(request.operator, found.since);
  return html`<p role="status">${addressText(text)} gets no mail since ${since}: <b>${suppressionText(found.reason)}</b>.</p>
${
  !request.may('readers:edit')
    ? nothing
    : found.reason === 'complaint'
      ? html`<p class="help">Nobody but the reader can lift that, by subscribing anew and confirming it.</p>`
      : html`<form method="post" action="${request.consolePath('/suppressions/lift')}"><input type="hidden" name="address" value="${text}">
${found.reason === 'address_gone' ? html`<p class="help">A server said that there is no such address. Lift it only if you know that it works: else the next mail comes back too, which counts against you.</p>` : nothing}
<button class="button danger">Lift it</button></form>`
}`;
}

function addForm(request: ConsoleRequest, form: URLSearchParams, errors: FieldErrors): Html {
  return html`<section class="card" aria-labelledby="add"><header><h2 id="add">Keep one out</h2></header>
${errorSummary(errors)}
<form method="post" action="${request.consolePath('/suppressions')}">
${field({ name: 'email', label: 'Address', value: form.get('email') ?? '', errors, required: true })}
${field({ name: 'reason', label: 'Why', value: form.get('reason') ?? '', help: reasonHelp, errors, required: true })}
<div class="acts"><button class="button danger">Suppress</button></div></form></section>`;
}

function suppressionRow({ consolePath, operator }: ConsoleRequest, suppression: FoundSuppression): (Html | string)[] {
  const { email, subscriberId, addressKey, reason, since } = suppression;
  return [
    email === null
      ? html`<span class="aside">hash ${addressKey.slice(0, 12)}…</span>`
      : html`<a href="${consolePath(`/readers/${subscriberId}`)}">${addressText(email)}</a>`,
    suppressionText(reason),
    timeText(operator, since),
  ];
}

function readPlace(text: string | null): SuppressionPlace | null {
  const [, since, addressKey] = /^([\dTZ:.-]{20,30})~([0-9a-f]{64})$/.exec(text ?? '') ?? [];
  return since === undefined || addressKey === undefined ? null : { since, addressKey };
}
