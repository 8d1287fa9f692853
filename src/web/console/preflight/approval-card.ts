import type { Approval } from '../../../digest/index.ts';
import { isBlocked } from '../../../digest/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { errorSummary, field } from '../html/form.ts';
import { sentenceText } from '../html/sentence-text.ts';
import { timeText } from '../html/time-text.ts';
import type { PreflightView } from './preflight-view.ts';

/** Whether somebody has approved it, what changed since, and the form to do so; nothing where nobody has to. */
export function approvalCard(request: ConsoleRequest, view: PreflightView): Html | '' {
  const { approval, edition, errors = {} } = view;
  if (approval.kind === 'not_needed') return nothing;
  return html`<section class="card" aria-labelledby="approval"><header><h2 id="approval">Approval</h2></header>
${errorSummary(errors)}${stateText(request, view)}${edition.frozenAt === null ? forms(request, view) : nothing}</section>`;
}

function stateText(request: ConsoleRequest, { approval, edition, newsletter }: PreflightView): Html | '' {
  switch (approval.kind) {
    case 'approved':
      return html`<p class="good">Approved by ${whoAndWhen(request, approval.approval)}.</p>`;
    case 'void':
      return html`<p class="bad">The approval by ${whoAndWhen(request, approval.approval)} is void:</p>
<ul class="changes">${approval.approval.why.map((change) => html`<li>${sentenceText(capitalised(change))}.</li>`)}</ul>`;
    case 'missing':
      return html`<p class="waiting">Nobody has approved it yet. ${
        edition.state === 'held' ? 'It goes out as soon as somebody does.' : 'Unapproved at its time, it is held.'
      }${newsletter?.approval === 'other' ? ' Whoever changed it last can’t.' : nothing}</p>`;
    case 'not_needed':
      return nothing;
    default:
      return approval satisfies never;
  }
}

function whoAndWhen({ operator }: ConsoleRequest, { by, at }: Approval): Html {
  return html`<bdi>${by.name}</bdi>, ${timeText(operator, at)}`;
}

function forms(request: ConsoleRequest, view: PreflightView): Html | '' {
  const { approval, edition, status, seen, objection, typed, errors } = view;
  if (!request.may('editions:approve')) return nothing;
  const path = request.consolePath(`/editions/${encodeURIComponent(edition.id)}/preflight`);
  if (approval.kind === 'approved') {
    return html`<form class="acts" method="post" action="${path}/withdraw"><button class="button">Take the approval back</button></form>`;
  }
  if (objection !== null) return html`<p class="aside">${objection}</p>`;
  const blocked = status.report !== null && isBlocked(status.report.findings);
  if (blocked && !request.may('editions:send')) {
    return html`<p class="aside">Mend what stands under “To mend first”: then it can be approved.</p>`;
  }
  const reason = blocked
    ? field({
        name: 'reason',
        label: 'Why it may go out all the same',
        value: typed?.reason ?? '',
        help: 'There is something to mend first. What you say here is kept in the audit log.',
        required: true,
        ...(errors ? { errors } : {}),
      })
    : nothing;
  return html`<form method="post" action="${path}/approve"><input type="hidden" name="seen" value="${seen}">${reason}
<button class="button main">${edition.state === 'held' ? 'Approve and send' : 'Approve'}</button></form>`;
}

function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
