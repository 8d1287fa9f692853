import { whyExcluded } from '../../../delivery/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import type { PreflightReport } from '../../../schedule/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field } from '../html/form.ts';
import { ownRefresh } from '../html/own-refresh.ts';
import { plainTitle } from '../html/plain-title.ts';
import { sentenceText } from '../html/sentence-text.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { countText } from './count-text.ts';
import { dayText } from './day-text.ts';
import { numberWords } from './number-words.ts';
import type { SendPlan } from './send-plans.ts';
import type { SendWishes } from './send-wishes.ts';

export interface Confirmation {
  readonly wishes: SendWishes;
  readonly plan: SendPlan;
  /** Why the last answer was not taken; default: it is asked for the first time. */
  readonly refusal?: Html;
  readonly errors?: FieldErrors;
  /** What was typed; default: nothing. */
  readonly reason?: string;
  readonly status?: number;
}

const mostFindings = 40;
const languageName = new Intl.DisplayNames('en', { type: 'language' });

/** What goes to exactly how many, before anything is made. */
export function confirmPage(app: ConsoleApp, request: ConsoleRequest, asked: Confirmation): Promise<Response> {
  const { wishes, status } = asked;
  return consolePage(request, {
    title: `Send ${plainTitle(app.site, wishes.newsletter.title)}?`,
    section: 'send',
    main: html`${asked.refusal === undefined ? nothing : html`<div class="note bad" role="alert">${asked.refusal}</div>`}${planPart(request, asked)}`,
    ...(status === undefined ? {} : { status }),
  });
}

function planPart(request: ConsoleRequest, asked: Confirmation): Html {
  const { state } = asked.plan;
  const { consolePath } = request;
  const back = html`<a class="button" href="${consolePath(`/send?${asked.wishes.query}`)}">Change it</a>`;
  switch (state.kind) {
    case 'counting': {
      const said = asked.reason ? `&${new URLSearchParams({ reason: asked.reason })}` : '';
      const here = consolePath(`/send/confirm?${asked.wishes.query}${said}`);
      return html`<section class="card" id="plan" hx-get="${here}" hx-trigger="load delay:700ms" hx-select="#plan" hx-swap="outerHTML"${ownRefresh}><p role="status">It is being put together, and its readers are counted${state.readers === 0 ? nothing : `: ${countText(state.readers, 'reader')} so far`} …</p>
<p class="acts"><a class="button" href="${here}">Look again</a>${back}</p></section>`;
    }
    case 'failed':
      return html`<section class="card" id="plan"><p class="bad">${sentenceText(state.sentence)}</p><p class="acts">${back}</p></section>`;
    case 'ready':
      if (state.report === null) {
        return html`<section class="card" id="plan"><p>There is nothing new to send: every published article was in an edition before, or is too old. Name articles, or a date since when.</p><p class="acts">${back}</p></section>`;
      }
      return html`<div id="plan">${reportPart(request, asked, state.report, back)}</div>`;
    default:
      return state satisfies never;
  }
}

function reportPart(request: ConsoleRequest, asked: Confirmation, report: PreflightReport, back: Html): Html {
  const { wishes, errors = {} } = asked;
  const readers = report.readers ?? 0;
  const when =
    wishes.at === null
      ? html`Now: it leaves a minute after you confirm, and until then you can take it back.`
      : html`At ${timeText(request.operator, wishes.at, wishes.newsletter.timezone)}. Until then you can take it back.`;
  return html`${errorSummary(errors)}<section class="card" aria-labelledby="whom"><header><h2 id="whom">To whom</h2></header>
<p class="count"><b>${countText(readers, 'reader')}</b><span>${numberWords(readers)}</span></p>
<p>${audienceText(wishes)}</p>
${table(
  'Readers by language',
  [{ title: 'Language' }, { title: 'Subject' }, { title: 'Readers', isNumber: true }],
  report.languages.flatMap((language) => languageRow(request, wishes, language)),
)}
${excludedPart(report)}</section>
<section class="card" aria-labelledby="what"><header><h2 id="what">What</h2><p>${countText(report.stories.length, 'article')} · <a href="${request.consolePath(`/send/preview?${wishes.query}`)}">Preview</a></p></header>
<ol class="stories">${report.stories.map(({ title, lang, date }) => html`<li><span lang="${lang}" dir="${directionOf(lang)}">${title}</span> <span class="aside">${dayText(date, request.site.timezone)}</span></li>`)}</ol></section>
${findingsPart(report)}
<section class="card" aria-labelledby="go"><header><h2 id="go">When</h2></header><p>${when}${approvalText(wishes)}</p>
<form method="post" action="${request.consolePath('/send')}">
<input type="hidden" name="wishes" value="${wishes.query}"><input type="hidden" name="token" value="${tokenOf(request, asked.plan)}"><input type="hidden" name="shown" value="${readers}">
${blocks(report) ? field({ name: 'reason', label: 'Why it may go out all the same', value: asked.reason ?? '', errors, required: true, help: 'There is something to mend first. What you say here is kept in the audit log.' }) : nothing}
<p class="acts">${readers === 0 ? html`<b>Nobody would get it.</b>` : html`<button class="button main">Send to ${countText(readers, 'reader')}</button>`}${back}</p></form></section>`;
}

/** Where anybody's approval will do, sending it is one. */
function approvalText({ newsletter: { approval } }: SendWishes): string {
  return approval === 'other'
    ? ' Somebody else has to approve it, under Preflight: unapproved at its time, it is held.'
    : '';
}

/** Another operator who sends the same asks for another edition, and is told that this one is on its way. */
function tokenOf({ operator }: ConsoleRequest, { token }: SendPlan): string {
  return `${token}.${operator.id}`;
}

function languageRow(
  { consolePath }: ConsoleRequest,
  { query }: SendWishes,
  { lang, subject, readers }: PreflightReport['languages'][number],
): (Html | string)[][] {
  if (readers === null || readers === 0) return [];
  const name = languageName.of(lang) ?? lang;
  return [
    [
      name,
      html`<a href="${consolePath(`/send/preview?${query}&shown=${lang}`)}" lang="${lang}" dir="${directionOf(lang)}">${subject ?? 'Preview'}</a>`,
      numbers.format(readers),
    ],
  ];
}

const numbers = new Intl.NumberFormat('en');

function audienceText({ audience: { languages, countries, gotEdition } }: SendWishes): string {
  const parts = [
    languages.length === 0
      ? []
      : [`whose mail is in ${listText(languages.map((lang) => languageName.of(lang) ?? lang))}`],
    countries.length === 0 ? [] : [`who get ${listText(countries)}, or all countries`],
    gotEdition === null ? [] : [`who got ${gotEdition}, or may have got it`],
  ].flat();
  return parts.length === 0
    ? 'All readers of the newsletter for whom there is something in it.'
    : `Only readers ${listText(parts)}.`;
}

const lists = new Intl.ListFormat('en', { type: 'conjunction' });

function listText(parts: readonly string[]): string {
  return lists.format(parts);
}

function excludedPart({ excluded, withNothing }: PreflightReport): Html | '' {
  const rows = [
    ...excluded.map(({ reason, readers }) => ({ readers, why: whyExcluded(reason) })),
    ...(withNothing === 0 ? [] : [{ readers: withNothing, why: whyExcluded('nothing_for_reader') }]),
  ];
  if (rows.length === 0) return nothing;
  return html`<h3>Left out</h3><ul>${rows.map(({ readers, why }) => html`<li>${countText(readers, 'reader')}: ${why}.</li>`)}</ul>`;
}

/** Those that block stand open; warnings are many, as a rule, and known. */
function findingsPart({ findings }: PreflightReport): Html | '' {
  const [blocking, warnings] = [
    findings.filter(({ severity }) => severity === 'blocking'),
    findings.filter(({ severity }) => severity !== 'blocking'),
  ];
  if (findings.length === 0) return nothing;
  return html`<section class="card" aria-labelledby="findings"><header><h2 id="findings">Before it goes out</h2></header>
${blocking.length === 0 ? nothing : findingsList(blocking, 'bad')}
${warnings.length === 0 ? nothing : html`<details><summary>${countText(warnings.length, 'thing')} worth a look</summary>${findingsList(warnings, 'waiting')}</details>`}</section>`;
}

function findingsList(findings: PreflightReport['findings'], tone: string): Html {
  return html`<ul class="findings">${findings.slice(0, mostFindings).map(({ sentence, whatToDo }) => html`<li><p class="${tone}">${sentenceText(sentence)}</p><p class="aside">${whatToDo}</p></li>`)}</ul>${findings.length > mostFindings ? html`<p class="aside">And ${numbers.format(findings.length - mostFindings)} more.</p>` : nothing}`;
}

/** Whether something has to be mended first, or a reason given. */
export function blocks({ findings }: PreflightReport): boolean {
  return findings.some(({ severity }) => severity === 'blocking');
}
