import type { ImportJob } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { timeText } from '../html/time-text.ts';

const number = new Intl.NumberFormat('en');

const outcomes = [
  ['added', 'Added'],
  ['updated', 'Changed'],
  ['unchanged', 'As they were'],
  ['left', 'Have left, and stay out'],
  ['suppressed', 'Suppressed'],
  ['refused', 'Left out: the row is at fault'],
] as const;

/** How far an import is, or what came of it; while it runs it keeps itself up to date where scripts run. */
export function importProgress(request: ConsoleRequest, job: ImportJob): Html {
  if (job.state !== 'running') return html`${importFigures(request, job)}${importDeeds(request, job)}`;
  return html`<div hx-ext="sse" sse-connect="${request.consolePath('/readers/import/progress')}" sse-close="end">
<p class="hidden" role="status" sse-swap="said"></p>
<div sse-swap="figures">${importFigures(request, job)}</div>
<div sse-swap="deeds">${importDeeds(request, job)}</div>
<noscript><p><a class="button" href="">Look again</a></p></noscript></div>`;
}

/** How much of the file is read, in hundredths. */
export function shareRead({ size, readBytes }: ImportJob): number {
  return size === 0 ? 0 : Math.min(100, Math.floor((100 * readBytes) / size));
}

/** How far it is, or what came of it. */
export function importFigures(request: ConsoleRequest, job: ImportJob): Html {
  if (job.state !== 'running') return importReport(request, job);
  const share = shareRead(job);
  return html`<p>Importing: ${share} % of the file. It goes on if you leave this page.</p>
<progress max="100" value="${share}" aria-label="How much of the file is read">${share} %</progress>
${sums(job)}`;
}

/** What can be done with it now. */
export function importDeeds(request: ConsoleRequest, job: ImportJob): Html {
  if (job.state === 'running') return html`<div class="acts">${jobForm(request, job, 'stop', 'Stop', 'danger')}</div>`;
  const isDone = job.state === 'done';
  return html`<div class="acts">${isDone ? nothing : jobForm(request, job, 'again', 'Begin anew', 'main')}${jobForm(request, job, 'remove', isDone ? 'Remove the report' : 'Remove the file', '')}</div>`;
}

function importReport(request: ConsoleRequest, job: ImportJob): Html {
  const { state, finishedAt, counts, fault } = job;
  const when = finishedAt === null ? nothing : html` ${timeText(request.operator, finishedAt)}`;
  return html`<p role="status">${
    {
      uploaded: html`Not begun.`,
      running: html`Importing.`,
      done: html`<b class="good">Done</b>${when}.`,
      stopped: html`<b class="waiting">Stopped</b>${when}, after ${counts.rows} rows.`,
      interrupted: html`<b class="waiting">Interrupted</b> after ${counts.rows} rows, since the program ended. Begun anew it adds nobody twice.`,
      failed: html`<b class="bad">Failed</b>${when}, after ${counts.rows} rows: <span dir="auto">${fault ?? ''}</span>`,
    }[state]
  }</p>
${sums(job)}
${counts.refused === 0 ? nothing : html`<div class="acts"><a class="button" href="${request.consolePath('/readers/import/refused.csv')}" download>Rows that were left out, as CSV</a></div>`}`;
}

function sums({ counts }: ImportJob): Html {
  return html`<table class="account-sum"><caption class="hidden">What became of the rows</caption><tbody>${outcomes.map(
    ([outcome, title]) =>
      html`<tr><th scope="row">${title}</th><td class="number">${number.format(counts[outcome])}</td></tr>`,
  )}</tbody><tfoot><tr><th scope="row">Rows</th><td class="number">${number.format(counts.rows)}</td></tr></tfoot></table>`;
}

function jobForm({ consolePath }: ConsoleRequest, { id }: ImportJob, act: string, title: string, tone: string): Html {
  return html`<form method="post" action="${consolePath(`/readers/import/${act}`)}"><input type="hidden" name="job" value="${id}"><button class="button ${tone}">${title}</button></form>`;
}
