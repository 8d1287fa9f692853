import { PassThrough } from 'node:stream';
import { type ExportStatus, exportStatuses, exportSubscribers } from '../../../subscribers/index.ts';
import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { csvResponse } from '../csv-download.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, selectField } from '../html/form.ts';
import { refused } from '../refused.ts';

const statusTitles: Readonly<Record<ExportStatus, string>> = {
  active: 'Active',
  left: 'Left everything',
  pending: 'Not confirmed yet',
  suspended: 'Suspended after bounces',
  suppressed: 'Suppressed',
};

/** `/console/readers/export`: whom to write into a file. */
export function exportPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  return drawExport(app, request, new URLSearchParams(), {});
}

function drawExport(
  { readers }: ConsoleApp,
  request: ConsoleRequest,
  form: URLSearchParams,
  errors: FieldErrors,
): Promise<Response> {
  const { choices, newsletterTitles } = readers;
  const all = { value: '', label: 'All' };
  return consolePage(request, {
    title: 'Export readers',
    section: 'readers',
    main: html`${errorSummary(errors)}<section class="card" aria-label="Whom">
<p>A CSV file with all that the import takes back: addresses, names, languages, what they chose, when they agreed. It stands in the audit log that you had it.</p>
<form method="post" action="${request.consolePath('/readers/export')}">
${selectField({
  name: 'newsletter',
  label: 'Who hasn’t left',
  value: form.get('newsletter') ?? '',
  errors,
  options: [all, ...choices.newsletters.map((name) => ({ value: name, label: newsletterTitles.get(name) ?? name }))],
})}
${selectField({
  name: 'status',
  label: 'Who is',
  value: form.get('status') ?? '',
  errors,
  options: [all, ...exportStatuses.map((status) => ({ value: status, label: statusTitles[status] }))],
})}
<div class="acts"><button class="button main">Export</button></div></form></section>`,
  });
}

/** The file, at the speed of whoever saves it. */
export async function exportReaders(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { readers, audit } = app;
  const form = await request.form();
  const newsletter = readers.choices.newsletters.find((name) => name === form.get('newsletter'));
  const status = exportStatuses.find((known) => known === form.get('status'));
  // What isn’t known mustn’t become everybody.
  const errors: FieldErrors = {
    ...(form.get('newsletter') && newsletter === undefined ? { newsletter: 'There is no such newsletter.' } : {}),
    ...(form.get('status') && status === undefined ? { status: 'Choose one of these.' } : {}),
  };
  if (Object.keys(errors).length > 0) return refused(drawExport(app, request, form, errors));
  const only = status === undefined ? exportStatuses : [status];
  const filter = newsletter === undefined ? {} : { newsletter };
  const deed = { operator: request.operator, action: 'readers.export', subject: newsletter ?? '*', after: { only } };
  const output = new PassThrough();
  await audit.around(deed, () => {
    // The client may go away in the middle, which ends the reading too.
    exportSubscribers(readers.store.exportSubscribers(filter), output, only).then(
      () => output.end(),
      (error: Error) => output.destroy(error),
    );
  });
  return csvResponse('readers.csv', output);
}
