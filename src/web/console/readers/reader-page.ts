import type { ReaderRecord, Subscription } from '../../../subscribers/index.ts';
import { isPauseOver, readerHistory } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { messagePage } from '../html/message-page.ts';
import { pager } from '../html/pager.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import type { ConsoleReaders } from './console-readers.ts';
import { findReader } from './find-reader.ts';
import { readerDeeds } from './reader-deeds.ts';
import { eventItem } from './reader-event.ts';
import { addressText, languageText, rhythmText, standingText, suppressionText } from './reader-words.ts';

/** `/console/readers/:id`: one reader, and everything that happened to them. */
export async function readerPage({ readers }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const record = await findReader(readers, request);
  if (record === null) return messagePage(request, 'not_found');
  const { subscriber } = record;
  const before = /^\d{1,15}$/.test(request.query.get('after') ?? '') ? Number(request.query.get('after')) : null;
  const page = await readers.directory.listDeliveries(subscriber.id, before);
  const events = readerHistory(record, page);
  const next = page.hasMore ? String(page.deliveries.at(-1)?.id) : null;
  return consolePage(request, {
    title: `Reader ${subscriber.id}`,
    section: 'readers',
    aside: standingText({ ...record, suppressedFor: record.suppression?.reason ?? null }),
    main: html`${record.suppression === null ? nothing : html`<div class="note bad"><p>This address gets no mail: ${suppressionText(record.suppression.reason)}.</p></div>`}
<div class="cards two">
<section class="card" aria-labelledby="who"><header><h2 id="who">${subscriber.email === null ? 'Erased' : addressText(subscriber.email)}</h2></header>
${profile(request, record)}</section>
<section class="card" aria-labelledby="gets"><header><h2 id="gets">Newsletters</h2></header>${subscriptions(request, readers, record)}</section>
${request.may('readers:edit') && subscriber.email !== null ? deeds(request, readers, record, subscriber.email) : nothing}
<section class="card span" aria-labelledby="history"><header><h2 id="history">What happened</h2><p>newest first</p></header>
<ol class="history">${events.map((event) => eventItem(request, readers, event))}</ol>
${pager(request, `/readers/${subscriber.id}`, next)}</section></div>`,
  });
}

function deeds(request: ConsoleRequest, readers: ConsoleReaders, record: ReaderRecord, email: string): Html {
  const offered = readerDeeds.filter((deed) => deed.isOffered({ record, email, readers, request }));
  return html`<section class="card span" aria-labelledby="deeds"><header><h2 id="deeds">What you can do</h2></header><div class="acts">${offered.map(
    ({ name, title, isGrave }) =>
      html`<a class="button${isGrave ? ' danger' : nothing}" href="${request.consolePath(`/readers/${record.subscriber.id}/${name}`)}">${title}</a>`,
  )}</div></section>`;
}

function profile({ operator }: ConsoleRequest, { subscriber, addressChange }: ReaderRecord): Html {
  const { name, languages, countries, topics, timezone, createdAt, sample } = subscriber;
  const rows: [string, Html | string][] = [
    ['Name', html`<bdi>${name ?? '–'}</bdi>`],
    ['Languages', languages.map(languageText).join(', ')],
    ['Countries', countries.join(', ') || 'all'],
    ['Topics', topics.join(', ') || 'all'],
    ['Time zone', timezone ?? '–'],
    ['Here since', timeText(operator, createdAt)],
  ];
  if (addressChange !== null) rows.push(['Wants to change to', addressText(addressChange.email)]);
  if (sample) rows.push(['Sample', 'made at the first start; gone once a relay is used']);
  return html`<dl class="facts">${rows.map(([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>`)}</dl>`;
}

function subscriptions(request: ConsoleRequest, { newsletterTitles }: ConsoleReaders, record: ReaderRecord): Html {
  if (record.subscriptions.length === 0) return html`<p>None.</p>`;
  return table(
    'Newsletters of this reader',
    [{ title: 'Newsletter' }, { title: 'State' }, { title: 'How often' }],
    record.subscriptions.map((subscription) => [
      html`<bdi>${newsletterTitles.get(subscription.newsletter) ?? subscription.newsletter}</bdi>`,
      subscriptionState(request, subscription),
      subscription.state === 'left' ? '–' : rhythmText(subscription),
    ]),
  );
}

function subscriptionState({ now, operator }: ConsoleRequest, subscription: Subscription): Html {
  const { state, pausedUntil, since } = subscription;
  if (state === 'left') return html`left on ${timeText(operator, since)}`;
  if (state === 'active' || isPauseOver(subscription, now)) return html`gets it since ${timeText(operator, since)}`;
  return pausedUntil === null ? html`paused until resumed` : html`paused until ${timeText(operator, pausedUntil)}`;
}
