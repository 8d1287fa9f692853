import { type Edition, isBlocked } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import type { PreflightReport } from '../../../schedule/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { getEdition } from '../get-edition.ts';
import { consolePage } from '../html/console-page.ts';
import { editionTitle } from '../html/edition-title.ts';
import { errorSummary, type FieldErrors, field } from '../html/form.ts';
import { ownRefresh } from '../html/own-refresh.ts';
import { timeText } from '../html/time-text.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { countText } from './count-text.ts';

/** `/console/editions/:id/early`: asks whether a draft goes out before its time, and to how many. */
export async function earlyPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  return ask(app, request, await getEdition(app.sending.editions, request), {
    reason: request.query.get('reason') ?? '',
    errors: {},
  });
}

async function ask(
  app: ConsoleApp,
  request: ConsoleRequest,
  edition: Edition,
  typed: { readonly reason: string; readonly errors: FieldErrors },
): Promise<Response> {
  const path = pathOf(edition);
  if (edition.state !== 'draft') return seeOther(request, `${path}/sending`, 'It is no draft any more.');
  const { chosen } = await app.composing.desk.select(edition);
  const { report, isCurrent } = await app.preflight.statusOf(edition);
  const said = typed.reason === '' ? '' : `?${new URLSearchParams({ reason: typed.reason })}`;
  const here = request.consolePath(`${path}/early${said}`);
  return consolePage(request, {
    title: 'Send it before its time?',
    section: 'editions',
    main: html`<section class="card" id="early"><p><b>${editionTitle(app.site, app.sending.newsletters, edition)}</b>, for ${timeText(request.operator, edition.dueAt)}</p>
${
  chosen.length === 0
    ? html`<p><b>Nothing is new, so it would hold nothing.</b></p><p class="acts"><a class="button" href="${request.consolePath(path)}">Leave it</a></p>`
    : report === null || !isCurrent
      ? html`<p role="status" hx-get="${here}" hx-trigger="load delay:700ms" hx-target="#early" hx-select="#early" hx-swap="outerHTML"${ownRefresh}>It is being put together, and its readers are counted … <a href="${here}">Look again</a></p>`
      : earlyForm(request, edition, report, { ...typed, seen: await app.preflight.fingerprintOf(edition) })
}</section>`,
  });
}

function earlyForm(
  { consolePath }: ConsoleRequest,
  edition: Edition,
  report: PreflightReport,
  typed: { readonly reason: string; readonly errors: FieldErrors; readonly seen: string },
): Html {
  const { reason, errors, seen } = typed;
  const path = consolePath(pathOf(edition));
  const readers = report.readers ?? 0;
  const back = html`<a class="button" href="${path}">Leave it</a>`;
  if (readers === 0) return html`<p><b>Nobody would get it.</b></p><p class="acts">${back}</p>`;
  return html`${errorSummary(errors)}<p>It goes to <b>${countText(readers, 'reader')}</b>, with ${countText(report.stories.length, 'article')}. It leaves a minute after you confirm; until then you can take it back, and it is a draft again. At its own time nothing more goes out.</p>
<form method="post" action="${path}/early"><input type="hidden" name="seen" value="${seen}">
${isBlocked(report.findings) ? field({ name: 'reason', label: 'Why it may go out all the same', value: reason, errors, required: true, help: 'Preflight found something to mend first. What you say here is kept in the audit log.' }) : nothing}
<p class="acts"><button class="button main">Send to ${countText(readers, 'reader')}</button>${back}</p></form>`;
}

/** Sends a draft now, with a minute to take it back. A second click finds it on its way. */
export async function sendEarly(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { audit, sending, preflight } = app;
  const { operator } = request;
  const edition = await getEdition(app.sending.editions, request);
  const path = pathOf(edition);
  const form = await request.form();
  const reason = (form.get('reason') ?? '').trim();
  const { report, isCurrent } = await preflight.statusOf(edition);
  if (edition.state !== 'draft' || report === null || !isCurrent) {
    return ask(app, request, edition, { reason, errors: {} });
  }
  if (form.get('seen') !== (await preflight.fingerprintOf(edition))) {
    const errors = { early: 'It has changed since you looked: look again, and confirm it anew.' };
    return refused(ask(app, request, edition, { reason, errors }));
  }
  if (isBlocked(report.findings) && reason === '') {
    const errors = { reason: 'Say why it may go out all the same, or mend it first.' };
    return refused(ask(app, request, edition, { reason, errors }));
  }
  const after = { readers: report.readers, ...(reason === '' ? {} : { inSpiteOfFindings: reason }) };
  const deed = { operator, action: 'editions.send-early', subject: edition.id, before: { state: 'draft' }, after };
  try {
    await audit.around(deed, () => sending.desk.sendEarly(edition, operator));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    return seeOther(request, `${path}/sending`, error.message);
  }
  return seeOther(request, `${path}/sending`);
}

function pathOf({ id }: Edition): string {
  return `/editions/${encodeURIComponent(id)}`;
}
