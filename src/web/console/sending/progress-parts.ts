import { toMs } from '../../../clock.ts';
import { whatToDoAboutReply } from '../../../delivery/index.ts';
import type { EditionCounts } from '../../../digest/index.ts';
import { findWaiting, shareDone } from '../../../schedule/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import { classTexts } from '../html/delivery-words.ts';
import { sumBar } from '../html/sum-bar.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { countText } from './count-text.ts';
import { openOf, type Progress, secondsLeft } from './progress.ts';

const numbers = new Intl.NumberFormat('en');
const rates = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
/** Refusals of more kinds and domains are told by the list of readers. */
const mostRefusals = 8;

/** All that changes from second to second. */
export function progressPart(operator: { readonly timezone: string }, progress: Progress): Html {
  const { edition, counts } = progress;
  if (edition.frozenAt === null) return beforePart(operator, progress);
  return html`${barPart(progress)}${waitingPart(operator, progress)}${sumBar(counts, { caption: `Readers of ${edition.id} by what became of them` })}
${domainsPart(progress)}${refusalsPart(operator, progress)}`;
}

function beforePart({ timezone }: { readonly timezone: string }, { edition, at, counts }: Progress): Html {
  if (edition.state !== 'approved') return html`<p>Nothing of it has been sent.</p>`;
  const seconds = Math.ceil((toMs(edition.dueAt) - toMs(at)) / 1000);
  if (seconds > 0) {
    const soon =
      seconds <= 120
        ? html`<p class="count"><b>${seconds}</b><span>${seconds === 1 ? 'second' : 'seconds'} until it leaves</span></p>`
        : nothing;
    return html`${soon}<p>It goes out at ${timeText({ timezone }, edition.dueAt)}. Nothing has left yet, and nothing does before.</p>`;
  }
  return html`<p>It is being put together${counts.candidates === 0 ? nothing : `: ${countText(counts.candidates, 'reader')} entered so far`}. Nothing has left yet.</p>`;
}

function barPart(progress: Progress): Html {
  const { counts, edition, perSecond } = progress;
  const share = Math.floor(shareDone(counts) * 100);
  const left = secondsLeft(progress);
  const rate = perSecond === null ? nothing : html`<li><b>${rates.format(perSecond)}</b> a second</li>`;
  const rest =
    edition.state !== 'sending' || left === null ? nothing : html`<li>about <b>${durationText(left)}</b> left</li>`;
  return html`<div class="live"><div class="progress" role="progressbar" aria-label="Done" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${share}"><svg aria-hidden="true"><rect width="${share}%" height="100%"/></svg></div>
<ul class="pace"><li><b>${share} %</b> done</li><li><b>${numbers.format(openOf(counts))}</b> to go</li>${rate}${rest}</ul></div>`;
}

/** `45 s`, `12 min`, `3 h 20 min` */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function waitingPart(operator: { readonly timezone: string }, { edition, relays }: Progress): Html | '' {
  const waiting = findWaiting(edition, relays);
  if (waiting === null) return nothing;
  return html`<div class="note bad"><p>Its relay can’t be used since ${timeText(operator, waiting.since)}: <span dir="auto">“${waiting.said}”</span>. It goes on by itself once the relay can be used; silkpost doctor looks at it.</p></div>`;
}

function domainsPart({ domains, closed }: Progress): Html | '' {
  if (domains.length < 2 && closed.length === 0) return nothing;
  const columns = ['To', 'Sent', 'To go', 'Put off', 'Failed', 'In doubt'].map((title, index) => ({
    title,
    isNumber: index > 0,
  }));
  return html`<section class="card" aria-labelledby="domains"><header><h2 id="domains">By domain</h2></header>${table(
    'What became of the mail to each large domain',
    columns,
    domains.map((domain) => [
      domain.domain === '' ? 'All others' : html`<bdi>${domain.domain}</bdi>`,
      ...domainCells(domain),
    ]),
  )}</section>`;
}

function domainCells(counts: EditionCounts): string[] {
  return [counts.sent, openOf(counts), counts.deferred, counts.failed, counts.in_doubt].map((count) =>
    numbers.format(count),
  );
}

function refusalsPart(operator: { readonly timezone: string }, { refusals, closed }: Progress): Html | '' {
  if (refusals.length === 0 && closed.length === 0) return nothing;
  return html`<section class="card" aria-labelledby="refusals"><header><h2 id="refusals">What was refused</h2><p>of the newest few hundred</p></header>
<ul class="findings">${closed.map(({ domain, until, said }) => html`<li><p><b><bdi>${domain}</bdi></b> takes nothing from you before ${timeText(operator, until)}${said === null ? nothing : html`: <q dir="auto">${said}</q>`}</p><p class="aside">${whatToDoAboutReply('our_reputation')}</p></li>`)}
${refusals.slice(0, mostRefusals).map((group) => html`<li><p><b><bdi>${group.domain}</bdi></b>, ${countText(group.count, 'answer')}: ${classTexts[group.class]}. <q dir="auto">${group.reply}</q></p><p class="aside">${whatToDoAboutReply(group.class)}</p></li>`)}</ul></section>`;
}

/** What is announced; it changes at most at each tenth. */
export function saidText({ edition, counts }: Pick<Progress, 'edition' | 'counts'>, state: string): string {
  if (edition.state !== 'sending') return `${state}.`;
  return `${Math.floor(shareDone(counts) * 10) * 10} % done.`;
}
