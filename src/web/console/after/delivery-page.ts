import type { Delivery, DeliveryArrival, DeliveryBounce, ReaderLetter } from '../../../delivery/index.ts';
import { AppError } from '../../../errors.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { classTexts, outcomeText, outcomeTone, phaseText, reasonTexts } from '../html/delivery-words.ts';
import { timeText } from '../html/time-text.ts';
import { addressText, languageText } from '../readers/reader-words.ts';
import { doubtButtons } from './doubt-buttons.ts';
import { type EditionPlace, getPlace } from './edition-place.ts';

/** `/console/editions/:id/readers/:delivery`: all that is known of one reader's copy. */
export async function deliveryPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { records } = app.after;
  const place = await getPlace(app, request);
  const delivery = await getDelivery(app, place, request);
  const bounce = await records.findBounce(delivery.id);
  const arrivals = await records.listArrivals(delivery.id);
  const movedTo =
    delivery.state === 'in_doubt' ? ((await records.listMoved(place.edition.id)).get(delivery.id) ?? null) : null;
  const letters = delivery.subscriberId === null ? [] : await records.listLetters(delivery.subscriberId);
  return consolePage(request, {
    title: place.title,
    section: 'editions',
    main: html`${place.head}
<section class="card" aria-labelledby="reader"><header><h2 id="reader">${delivery.address === null ? 'An erased reader' : addressText(delivery.address)}</h2><p>Delivery ${delivery.id}</p></header>
${facts(request, place, delivery)}
${delivery.state === 'in_doubt' ? doubtButtons(request, place, delivery.id, movedTo) : nothing}
${ways(request, place, delivery)}</section>
${bounce === null && arrivals.length === 0 ? nothing : backPart(request, bounce, arrivals)}
${letters.length === 0 ? nothing : lettersPart(request, letters)}`,
  });
}

/** @throws AppError `not_found` where the edition has no such delivery. */
export async function getDelivery(
  { after }: ConsoleApp,
  { edition }: Pick<EditionPlace, 'edition'>,
  { params }: ConsoleRequest,
): Promise<Delivery> {
  const id = /^[0-9]{1,15}$/.test(params['delivery'] ?? '') ? Number(params['delivery']) : 0;
  const found = await after.records.findDelivery(edition.id, id);
  if (found) return found;
  throw new AppError('not_found', 'This edition has no such delivery.');
}

function facts({ operator }: ConsoleRequest, { edition }: EditionPlace, delivery: Delivery): Html {
  const { reason, reply, replyClass, phase, attempts, attemptedAt, notBefore, updatedAt, messageId, lang } = delivery;
  const rows: readonly (readonly [string, Html | string | null])[] = [
    [
      'Outcome',
      html`<b class="${outcomeTone(delivery)}">${outcomeText(delivery)}</b>${reason === null ? nothing : html`: ${reasonTexts[reason]}`}`,
    ],
    ['Language', languageText(lang)],
    ['Relay', edition.transport],
    ['Tries', attempts === 0 ? 'none yet' : String(attempts)],
    ['Last begun', attemptedAt === null ? null : timeText(operator, attemptedAt)],
    ['Came as far as', phase === null ? null : phaseText(phase)],
    ['The relay’s last words', reply === null ? null : html`<q dir="auto">${reply}</q>`],
    ['Which says', replyClass === null ? null : classTexts[replyClass]],
    ['Tried again', notBefore === null ? null : html`not before ${timeText(operator, notBefore)}`],
    ['Message-ID', messageId === null ? null : html`<code class="message-id">${messageId}</code>`],
    ['Last change', timeText(operator, updatedAt)],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => (value === null ? nothing : html`<dt>${name}</dt><dd>${value}</dd>\n`))}</dl>`;
}

function ways({ may, consolePath }: ConsoleRequest, { pathOf }: EditionPlace, delivery: Delivery): Html {
  const { id, subscriberId, variant, address } = delivery;
  return html`<div class="acts">
${variant === null || address === null ? nothing : html`<a class="button" href="${consolePath(pathOf(`/readers/${id}/mail`))}">The mail as this reader gets it</a>`}
${subscriberId !== null && may('readers:view') ? html`<a class="button" href="${consolePath(`/readers/${subscriberId}`)}">All about this reader</a>` : nothing}
</div>`;
}

function backPart(
  { operator }: ConsoleRequest,
  bounce: DeliveryBounce | null,
  arrivals: readonly DeliveryArrival[],
): Html {
  return html`<section class="card" aria-labelledby="back"><header><h2 id="back">What came back</h2></header>
${
  bounce === null
    ? nothing
    : html`<p><b class="bad">${classTexts[bounce.class]}</b>${bounce.status === null ? nothing : html`, ${bounce.status}`}, ${timeText(operator, bounce.at)}: <q dir="auto">${bounce.said}</q></p>`
}
${arrivals.map(
  ({ receivedAt, note, said }) =>
    html`<details><summary>${timeText(operator, receivedAt)} ${note ?? ''}</summary><pre class="report" dir="auto" tabindex="0">${said}</pre></details>`,
)}</section>`;
}

function lettersPart({ operator }: ConsoleRequest, letters: readonly ReaderLetter[]): Html {
  return html`<section class="card" aria-labelledby="letters"><header><h2 id="letters">Letters to this reader</h2></header>
<ul class="lines">${letters.map(
    ({ kind, state, outcome, reply, createdAt }) =>
      html`<li>${timeText(operator, createdAt)} <b>${kind}</b>, ${outcome ?? state}${reply === null ? nothing : html`: <q dir="auto">${reply}</q>`}</li>`,
  )}</ul></section>`;
}
