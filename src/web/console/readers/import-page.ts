import type { ImportJob } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field, tickList } from '../html/form.ts';
import { table } from '../html/table.ts';
import type { ConsoleReaders } from './console-readers.ts';
import { importProgress } from './import-progress.ts';

/** `/console/readers/import`: a file of readers, from the upload to the report. */
export async function importPage({ readers }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  return drawImport(readers, request, await readers.imports.find(), new URLSearchParams(), {});
}

/** The same with what was typed and refused. */
export function drawImport(
  readers: ConsoleReaders,
  request: ConsoleRequest,
  job: ImportJob | null,
  form: URLSearchParams,
  errors: FieldErrors,
): Promise<Response> {
  return consolePage(request, {
    title: 'Import readers',
    section: 'readers',
    main: html`${errorSummary(errors)}${job === null ? nothing : jobCard(readers, request, job, form, errors)}
${job?.state === 'running' ? nothing : uploadCard(request, job, errors)}`,
  });
}

function uploadCard({ consolePath }: ConsoleRequest, job: ImportJob | null, errors: FieldErrors): Html {
  const error = errors['file'];
  return html`<section class="card" aria-labelledby="upload"><header><h2 id="upload">${job === null ? 'Choose a file' : 'Another file'}</h2></header>
<p>CSV with a first line that names the columns: your own export, or one of listmonk, Mailchimp, Ghost or Buttondown. Nothing is added before you have seen what it holds.</p>
<form method="post" action="${consolePath('/readers/import')}" enctype="multipart/form-data">
<div class="field${error === undefined ? nothing : ' wrong'}"><label for="file">File</label><input type="file" id="file" name="file" accept=".csv,.txt,.tsv,text/csv" required aria-describedby="file-help${error === undefined ? nothing : ' file-error'}"${error === undefined ? nothing : html` aria-invalid="true"`}><p class="help" id="file-help">At most 256 MB, and what your line sends in half a minute; <code>silkpost subscribers import</code> takes any. It is kept only until it is imported or removed.</p>${error === undefined ? nothing : html`<p class="error" id="file-error" dir="auto">${error}</p>`}</div>
<div class="acts"><button class="button${job?.state === 'uploaded' ? nothing : ' main'}">Look at it</button></div></form></section>`;
}

function jobCard(
  readers: ConsoleReaders,
  request: ConsoleRequest,
  job: ImportJob,
  form: URLSearchParams,
  errors: FieldErrors,
): Html {
  return html`<section class="card" aria-labelledby="job"><header><h2 id="job"><bdi>${job.fileName}</bdi></h2><p>${Math.ceil(job.size / 1024)} KB</p></header>
${job.state === 'uploaded' ? previewPart(readers, request, job, form, errors) : importProgress(request, job)}</section>`;
}

function previewPart(
  { choices, newsletterTitles }: ConsoleReaders,
  { consolePath }: ConsoleRequest,
  { id, preview }: ImportJob,
  form: URLSearchParams,
  errors: FieldErrors,
): Html {
  const chosen = form.size === 0 ? choices.newsletters.slice(0, 1) : form.getAll('newsletter');
  return html`${
    preview === null
      ? nothing
      : html`<p>${preview.format === null ? 'A list of readers' : html`An export of <b>${preview.format}</b>`}. ${preview.isWhole ? nothing : 'Of the first 20,000 rows, '}${preview.good} can be taken, ${preview.refused} can’t.</p>
${preview.note === null ? nothing : html`<div class="note"><p>${preview.note}</p></div>`}
<p class="help">Columns used: ${preview.used.map(({ heading, field: as }) => html`<bdi>${heading}</bdi>${heading === as ? nothing : html` as ${as}`} `)}${preview.ignored.length === 0 ? nothing : html`· not used: <bdi>${preview.ignored.slice(0, 20).join(', ')}</bdi>`}</p>
${table(
  'The first rows',
  preview.headings.map((heading) => ({ title: heading })),
  preview.rows.map((cells) => cells.map((cell) => html`<bdi>${cell}</bdi>`)),
)}
${preview.faults.length === 0 ? nothing : html`<h3>Rows that can’t be taken</h3><ul>${preview.faults.map(({ line, reason }) => html`<li>Line ${line}: <span dir="auto">${reason}</span></li>`)}</ul>`}`
  }
<form method="post" action="${consolePath('/readers/import/start')}"><input type="hidden" name="job" value="${id}">
${field({
  name: 'consent',
  label: 'Where these readers agreed',
  type: 'textarea',
  value: form.get('consent') ?? '',
  help: 'In your words, such as “Confirmed by mail at our former newsletter, 2019 to 2026”. It is kept with each of them. Without an answer nobody may be added.',
  errors,
  required: true,
})}
${tickList({
  name: 'newsletter',
  label: 'Newsletters of rows that name none',
  options: choices.newsletters.map((name) => ({ value: name, label: newsletterTitles.get(name) ?? name })),
  chosen,
  errors,
})}
<div class="acts"><button class="button main">Import</button> <button class="button" formaction="${consolePath('/readers/import/remove')}" formnovalidate>Remove the file</button></div></form>`;
}
