import { plusMs } from '../../../clock.ts';
import type { Edition } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import { type PreflightReport, undoMs } from '../../../schedule/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { seeOther } from '../see-other.ts';
import { blocks, type Confirmation, confirmPage } from './confirm-page.ts';
import { countText } from './count-text.ts';
import { lookAtPlan } from './send-confirm.ts';
import { sendForm } from './send-form.ts';
import { readWishes, type SendWishes } from './send-wishes.ts';

/** What was counted longer ago is counted again before anything is sent. */
const freshMs = 60_000;
/** With a million readers it takes some seconds. */
const countingMs = 10_000;

/** Opens the edition that a confirmed form asks for: once, however often the form comes. */
export async function send(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { sending } = app;
  const form = await request.form();
  const token = form.get('token') ?? '';
  const known = token === '' ? null : await sending.editions.findByRequest(token);
  if (known !== null) return seeOther(request, pathOf(known), 'This was asked for already: here it is.');

  const given = new URLSearchParams(form.get('wishes') ?? '');
  const read = await readWishes(given, { ...app, ...sending, published: sending.published(), now: app.clock.now() });
  if (!read.ok) return sendForm(app, request, given, read.errors);
  const { wishes } = read;
  const reason = (form.get('reason') ?? '').trim();
  const plan = lookAtPlan(app, wishes, freshMs);
  await Promise.race([plan.done, new Promise((resolve) => setTimeout(resolve, countingMs).unref())]);
  const ask = (more: Partial<Confirmation>) =>
    confirmPage(app, request, { wishes, plan, reason, status: 422, ...more });
  const { state } = plan;
  if (token === '' || state.kind !== 'ready' || state.report === null) return ask({});
  const { report } = state;

  const refusal = changeSince(Number(form.get('shown')), report.readers ?? 0);
  if (refusal !== null) return ask({ refusal });
  if (report.readers === 0) return ask({});
  if (blocks(report) && reason === '') {
    return ask({ errors: { reason: 'Say why it may go out all the same, or mend it first.' } });
  }
  try {
    const edition = await open(app, request, { wishes, report, token, reason });
    sending.plans.forget(wishes.query);
    return seeOther(request, pathOf(edition));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    return ask({ refusal: await conflictText(app, request, wishes, error), status: 409 });
  }
}

function open(
  { audit, clock, sending }: ConsoleApp,
  { operator, may }: ConsoleRequest,
  asked: {
    readonly wishes: SendWishes;
    readonly report: PreflightReport;
    readonly token: string;
    readonly reason: string;
  },
): Promise<Edition> {
  const { newsletter, selection, audience, at, query } = asked.wishes;
  const after = {
    asked: query,
    readers: asked.report.readers,
    ...(asked.reason === '' ? {} : { inSpiteOfFindings: asked.reason }),
  };
  return audit.around(
    { operator, action: 'editions.send', subject: newsletter.name, after },
    () =>
      sending.desk.open({
        newsletter,
        selection,
        audience,
        trigger: 'manual',
        dueAt: at ?? plusMs(clock.now(), undoMs),
        requestToken: asked.token,
        openedBy: operator,
        ...(may('editions:approve') ? { approvedBy: operator } : {}),
      }),
    ({ id }) => id,
  );
}

/** Null where it is as good as what was shown. */
function changeSince(shown: number, readers: number): Html | null {
  if (Math.abs(readers - shown) <= Math.max(5, shown / 100)) return null;
  return html`<p>Nothing was sent yet: since you looked, ${countText(shown, 'reader')} have become ${countText(readers, 'reader')}. Look again, and confirm it anew.</p>`;
}

/** Who is sending what, where somebody was faster. */
async function conflictText(
  { sending }: ConsoleApp,
  { consolePath }: ConsoleRequest,
  { newsletter }: SendWishes,
  error: AppError,
): Promise<Html> {
  const pending = await sending.editions.findPending(newsletter.name);
  if (pending === null) return html`<p>Nothing was sent. ${error.message}</p>`;
  const who = pending.openedBy === null ? nothing : html`<bdi>${pending.openedBy.name}</bdi> has asked for it. `;
  return html`<p>Nothing was sent: <a href="${consolePath(pathOf(pending))}">${pending.id}</a> is on its way already. ${who}Wait until it is sent, or call it off.</p>`;
}

function pathOf({ id }: Edition): string {
  return `/editions/${encodeURIComponent(id)}/sending`;
}
