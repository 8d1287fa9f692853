import type { Delivery } from '../../../delivery/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { phaseText, reasonTexts } from '../html/delivery-words.ts';
import { errorSummary, type FieldErrors, field } from '../html/form.ts';
import { pager } from '../html/pager.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { addressText } from '../readers/reader-words.ts';
import { doubtButtons } from './doubt-buttons.ts';
import { type EditionPlace, getPlace } from './edition-place.ts';
import { readAfter } from './outcome-query.ts';

const pageSize = 50;

/** What was typed into the form for a relay's log, and why it won't do. */
export interface TypedLog {
  readonly log: string;
  readonly errors: FieldErrors;
}

/** `/console/editions/:id/doubt`: those of whom nobody knows whether they got it, and what helps to find out. */
export async function doubtPage(
  app: ConsoleApp,
  request: ConsoleRequest,
  typed: TypedLog = { log: '', errors: {} },
): Promise<Response> {
  const place = await getPlace(app, request);
  const { edition } = place;
  const counts = await app.after.editions.getCounts(edition.id);
  const page = await app.after.records.listPage(
    edition.id,
    { states: ['in_doubt'] },
    readAfter(request.query),
    pageSize,
  );
  const moved = await app.after.records.listMoved(edition.id);
  return consolePage(request, {
    title: place.title,
    section: 'editions',
    main: html`${place.head}${errorSummary(typed.errors)}
<section class="card" aria-labelledby="doubt"><header><h2 id="doubt">In doubt: ${counts.in_doubt}</h2></header>
${
  page.deliveries.length === 0
    ? html`<p role="status">Nobody is in doubt.</p>`
    : html`<p class="help">The connection or the process ended after a whole message was written and before the relay answered. None is sent again on its own. The relay’s log knows: look for the Message-ID there.</p>
${table(
  'Deliveries in doubt',
  [{ title: 'Reader' }, { title: 'Begun' }, { title: 'What is known' }, { title: 'Decide' }],
  page.deliveries.map((delivery) => row(request, place, delivery, moved.get(delivery.id) ?? null)),
)}
${pager(request, place.pathOf('/doubt'), page.next === null ? null : String(page.next))}`
}</section>
${counts.in_doubt > 0 && request.may('editions:send') ? html`${logPart(request, place, typed)}${counts.in_doubt === 1 ? nothing : allPart(request, place, counts.in_doubt)}` : nothing}`,
  });
}

function row(
  request: ConsoleRequest,
  place: EditionPlace,
  delivery: Delivery,
  movedTo: string | null,
): (Html | string)[] {
  const { id, address, attemptedAt, updatedAt, phase, messageId, reply, reason } = delivery;
  return [
    html`<div class="cell"><a href="${request.consolePath(place.pathOf(`/readers/${id}`))}">${address === null ? '(erased)' : addressText(address)}</a></div>`,
    html`${timeText(request.operator, attemptedAt ?? updatedAt)}<br><span class="aside">by <bdi>${place.edition.transport}</bdi></span>`,
    html`<div class="cell words">${reason === null ? nothing : html`${reasonTexts[reason]}, `}${phaseText(phase)}${reply === null ? nothing : html`<br><q dir="auto">${reply}</q>`}${messageId === null ? nothing : html`<br><code class="message-id">${messageId}</code>`}</div>`,
    doubtButtons(request, place, id, movedTo),
  ];
}

function logPart({ consolePath }: ConsoleRequest, { pathOf }: EditionPlace, { log, errors }: TypedLog): Html {
  return html`<section class="card" aria-labelledby="by-log"><header><h2 id="by-log">By the relay’s log</h2></header>
<form method="post" action="${consolePath(pathOf('/doubt/log'))}">
${field({
  name: 'log',
  label: 'Lines of the log',
  type: 'textarea',
  value: log,
  errors,
  required: true,
  help: 'Postfix’s log, or Amazon SES’ events as lines of JSON, from before the tries until after them; up to 4 MB. A larger one is read by silkpost editions resolve ID --log FILE.',
})}
<button class="button">Settle what it tells of</button></form></section>`;
}

function allPart({ consolePath }: ConsoleRequest, { pathOf }: EditionPlace, readers: number): Html {
  return html`<section class="card" aria-labelledby="all"><header><h2 id="all">All ${readers} at once</h2></header>
<div class="acts"><a class="button" href="${consolePath(pathOf('/doubt/all?word=accept'))}">Count all as sent …</a><a class="button" href="${consolePath(pathOf('/doubt/all?word=resend'))}">Send again to all …</a></div></section>`;
}
