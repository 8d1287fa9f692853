import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../../errors.ts';
import type { ImportJob } from '../../../subscribers/index.ts';
import { readPostedFile } from '../../multipart-file.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { csvDownload } from '../csv-download.ts';
import { eventStream } from '../event-stream.ts';
import type { FieldErrors } from '../html/form.ts';
import { messagePage } from '../html/message-page.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { drawImport } from './import-page.ts';
import { importDeeds, importFigures, shareRead } from './import-progress.ts';

const importPath = '/readers/import';

/** Takes the file as it comes, and looks at it. */
export async function uploadImport({ readers, audit }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { raw, operator } = request;
  try {
    const file = await readPostedFile(raw.body ?? emptyBody(), raw.headers.get('content-type') ?? '');
    if (file.name === '') throw new AppError('invalid', 'Choose a file first.');
    const name = file.name.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '?').slice(-100);
    await audit.around({ operator, action: 'readers.import.upload', subject: 'file' }, () =>
      readers.imports.take(name, file.bytes),
    );
    return seeOther(request, importPath);
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'invalid' && error.code !== 'conflict')) throw error;
    return refused(
      drawImport(readers, request, await readers.imports.find(), new URLSearchParams(), { file: error.message }),
    );
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}

const longestConsent = 2000;

/** Begins it by the operator's word. */
export async function startImport(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { readers } = app;
  const form = await request.form();
  const job = await findJob(app, form);
  if (job === null) return seeOther(request, importPath, gone);
  const consent = (form.get('consent') ?? '').trim();
  const newsletters = readers.choices.newsletters.filter((name) => form.getAll('newsletter').includes(name));
  const errors: FieldErrors = {
    ...(consent === '' ? { consent: 'Say where these readers agreed.' } : {}),
    ...(consent.length > longestConsent ? { consent: `Say it in at most ${longestConsent} characters.` } : {}),
    ...(newsletters.length === 0 ? { newsletter: 'Choose at least one.' } : {}),
  };
  if (Object.keys(errors).length > 0) return refused(drawImport(readers, request, job, form, errors));
  return begin(app, request, job, { consent, newsletters });
}

/** Begins one anew that didn't come to its end, by the same word. */
export async function repeatImport(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const job = await findJob(app, await request.form());
  return job === null || job.consent === '' ? seeOther(request, importPath, gone) : begin(app, request, job, job);
}

async function begin(
  { readers, audit }: ConsoleApp,
  request: ConsoleRequest,
  { id }: ImportJob,
  { consent, newsletters }: Pick<ImportJob, 'consent' | 'newsletters'>,
): Promise<Response> {
  const deed = {
    operator: request.operator,
    action: 'readers.import',
    subject: String(id),
    after: { consent, newsletters },
  };
  const isBegun = await audit.around(deed, () => readers.imports.start(id, { consent, newsletters }));
  return seeOther(request, importPath, isBegun ? undefined : gone);
}

/** Ends it after the rows at hand. */
export async function stopImport(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const job = await findJob(app, await request.form());
  if (job === null) return seeOther(request, importPath, gone);
  const deed = {
    operator: request.operator,
    action: 'readers.import.stop',
    subject: String(job.id),
    after: { rows: job.counts.rows },
  };
  await app.audit.around(deed, () => app.readers.imports.stop(job.id));
  return seeOther(request, importPath, 'The import is stopped. Who was added stays.');
}

/** Forgets it with its file. */
export async function removeImport(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const job = await findJob(app, await request.form());
  if (job === null) return seeOther(request, importPath, gone);
  const deed = { operator: request.operator, action: 'readers.import.remove', subject: String(job.id) };
  const isRemoved = await app.audit.around(deed, () => app.readers.imports.remove(job.id));
  return seeOther(request, importPath, isRemoved ? 'The file is removed.' : 'It runs; stop it first.');
}

const gone = 'That import is another one, or at another point, by now. Nothing was done.';

async function findJob({ readers }: ConsoleApp, form: URLSearchParams): Promise<ImportJob | null> {
  const job = await readers.imports.find();
  return job !== null && String(job.id) === form.get('job') ? job : null;
}

const lookEveryMs = 500;

/** How far it is, until it is over. */
export function watchImport({ readers }: ConsoleApp, request: ConsoleRequest): Response {
  return eventStream(request, async (send, signal) => {
    for (let [told, tenths] = ['', -1]; !signal.aborted; ) {
      const job = await readers.imports.find();
      if (job === null) return send('end', '');
      const figures = String(await importFigures(request, job));
      if (figures !== told) send('figures', figures);
      told = figures;
      if (job.state !== 'running') {
        send('said', job.state === 'done' ? 'The import is done.' : 'The import has ended before its time.');
        send('deeds', String(await importDeeds(request, job)));
        return send('end', '');
      }
      const share = shareRead(job);
      // Whoever hears it needn't hear each step.
      if (Math.floor(share / 10) !== tenths) send('said', `${share} % of the file is read.`);
      tenths = Math.floor(share / 10);
      await pause(lookEveryMs, undefined, { signal }).catch(() => {});
    }
  });
}

/** The rows that were left out, each with its reason. */
export async function refusedRows({ readers }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const job = await readers.imports.find();
  if (job === null) return messagePage(request, 'not_found');
  const { id } = job;
  async function* rows(): AsyncGenerator<string[]> {
    yield ['line', 'email', 'column', 'reason'];
    for await (const { line, email, field, reason } of readers.imports.listRefused(id)) {
      yield [String(line), email, field ?? '', reason];
    }
  }
  return csvDownload('left-out.csv', rows());
}
