import type { Edition } from '../../../digest/index.ts';
import type { PreflightReport, PreflightStatus } from '../../../schedule/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { editionHead } from '../html/edition-head.ts';
import { ownRefresh } from '../html/own-refresh.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { approvalCard } from './approval-card.ts';
import { findingsList } from './findings-list.ts';
import type { PreflightView } from './preflight-view.ts';

export function preflightPage(request: ConsoleRequest, view: PreflightView): Promise<Response> {
  const { edition, newsletter } = view;
  return consolePage(request, {
    title: view.title,
    section: 'editions',
    aside: timeText(request.operator, edition.dueAt, newsletter?.timezone),
    main: html`${editionHead(request, edition, 'preflight', view.state)}
${preflightPart(request, view)}`,
  });
}

/** All below the head; it renews itself while the edition is being looked at. */
export function preflightPart(request: ConsoleRequest, view: PreflightView): Html {
  const { edition, status } = view;
  const path = request.consolePath(`/editions/${encodeURIComponent(edition.id)}/preflight`);
  const renewal = html` hx-get="${path}" hx-trigger="load delay:1s" hx-swap="outerHTML"${ownRefresh}`;
  return html`<div class="cards two" id="preflight"${status.lookingSince === null ? nothing : renewal}>
<div>${findingsPart(request, view, path)}</div><div>${approvalCard(request, view)}${planCard(status.report)}</div></div>`;
}

/** The findings, with what is being done about them. */
function findingsPart(request: ConsoleRequest, { edition, status }: PreflightView, path: string): Html {
  const { report, isCurrent, lookingSince, fault } = status;
  return html`<p class="looked" role="status">${lookedText(request, status)}</p>
${fault === null || lookingSince !== null ? nothing : html`<div class="note bad"><p>It could not be looked at: <span dir="auto">${fault}</span></p></div>`}
${report === null ? nothing : html`${report.findings.length === 0 ? nothingFound(isCurrent) : nothing}${findingsList(request, edition.id, 'blocking', report.findings)}${findingsList(request, edition.id, 'warning', report.findings)}`}
${isOver(edition) || !request.may('editions:edit') ? nothing : lookForms(path, report, lookingSince !== null)}`;
}

function nothingFound(isCurrent: boolean): Html {
  return html`<section class="card"><h2>Nothing to mend</h2><p>${isCurrent ? 'It can go out as it is.' : 'There was nothing to mend when it was last looked at.'}</p></section>`;
}

function lookedText(request: ConsoleRequest, { report, isCurrent, lookingSince }: PreflightStatus): Html {
  const last =
    report === null
      ? html`Nobody has looked at it yet.`
      : html`Last looked at: ${timeText(request.operator, report.at)}.${isCurrent ? nothing : ' It has changed since.'}`;
  if (lookingSince === null) return last;
  return html`${report === null ? nothing : html`${last} `}It is being looked at; this takes a few seconds. <a href="">Reload</a>`;
}

function lookForms(path: string, report: PreflightReport | null, isLooking: boolean): Html {
  const { count = 0, wereAsked = false } = report?.foreignLinks ?? {};
  const others =
    count === 0
      ? nothing
      : html`<button class="button" name="foreign" value="yes"${isLooking ? html` disabled` : nothing}>${wereAsked ? 'Check links to other sites again' : `Check ${count === 1 ? 'the link' : `the ${count} links`} to other sites`}</button>`;
  return html`<form class="row acts" method="post" action="${path}/look"><button class="button"${isLooking ? html` disabled` : nothing}>Look again</button>${others}</form>`;
}

function planCard(report: PreflightReport | null): Html | '' {
  if (report === null || report.languages.length === 0) return nothing;
  const { languages, readers, withNothing } = report;
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const rows = languages.map(({ lang, subject, readers: there }) => [
    html`${names.of(lang) ?? lang}`,
    subject === null
      ? html`<span class="bad">too long</span>`
      : html`<span lang="${lang}" dir="auto">${subject}</span>`,
    html`${there ?? ''}`,
  ]);
  const columns = [{ title: 'Language' }, { title: 'Subject of most' }, { title: 'Readers', isNumber: true }];
  return html`<section class="card" aria-labelledby="plan"><header><h2 id="plan">What it would be</h2><p>${readers === 1 ? '1 reader' : `${readers ?? 0} readers`}</p></header>
${table('Languages', columns, rows)}
${withNothing === 0 ? nothing : html`<p class="aside">Nothing in it for ${withNothing === 1 ? '1 reader' : `${withNothing} readers`}: not their choice, or they had it.</p>`}</section>`;
}

function isOver({ state, frozenAt }: Edition): boolean {
  return frozenAt !== null || state === 'skipped' || state === 'cancelled' || state === 'sent';
}
