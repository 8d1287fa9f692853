import { type Edition, openEditionStates, whyHeld } from '../../../digest/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { eventStream } from '../event-stream.ts';
import { consolePage } from '../html/console-page.ts';
import { editionHead } from '../html/edition-head.ts';
import { editionTitle } from '../html/edition-title.ts';
import { stateSentence } from '../html/state-sentence.ts';
import type { Progress } from './progress.ts';
import { progressPart, saidText } from './progress-parts.ts';

/** Where an edition stands, live; without script a reload shows the same. */
export async function sendingPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const id = request.params['id'] ?? '';
  const progress = await app.sending.progress.look(id);
  const isOpen = openEditionStates.includes(progress.edition.state);
  const events = request.consolePath(`/editions/${encodeURIComponent(id)}/sending/events`);
  return consolePage(request, {
    title: editionTitle(app.site, app.sending.newsletters, progress.edition),
    section: 'editions',
    main: html`<div class="live-edition"${isOpen ? html` hx-ext="sse" sse-connect="${events}" sse-close="end"` : nothing}>
<div sse-swap="head">${headPart(request, progress)}</div>
<p class="hidden" role="status" sse-swap="said">${saidOf(progress)}</p>
<div sse-swap="acts">${await actsPart(app, request, progress)}</div>
<div sse-swap="progress">${progressPart(request.operator, progress)}</div>
${isOpen ? html`<noscript><p><a class="button" href="">Look again</a></p></noscript>` : nothing}</div>`,
  });
}

/** The same parts of the page as they change: what moves each second, what is announced at each tenth, the rest where the state is another. */
export function sendingEvents(app: ConsoleApp, request: ConsoleRequest): Response {
  const id = request.params['id'] ?? '';
  return eventStream(request, async (send, signal) => {
    let said = '';
    let state = '';
    let isOver = false;
    let sent: Promise<void> = Promise.resolve();
    const failing = new AbortController();
    const tell = async (progress: Progress): Promise<void> => {
      send('progress', String(await progressPart(request.operator, progress)));
      const now = stateOf(progress);
      if (now !== state) {
        state = now;
        send('head', String(await headPart(request, progress)));
        send('acts', String(await actsPart(app, request, progress)));
      }
      if (saidOf(progress) !== said) {
        said = saidOf(progress);
        send('said', said);
      }
      isOver = !openEditionStates.includes(progress.edition.state);
    };
    await app.sending.progress.follow(
      id,
      (progress) => {
        sent = sent.then(() => tell(progress));
        sent.catch(() => failing.abort()); // thrown below
      },
      AbortSignal.any([signal, failing.signal]),
    );
    await sent;
    if (isOver) send('end', '');
  });
}

function stateOf({ edition, relays, at }: Progress): string {
  return `${edition.frozenAt} ${edition.dueAt > at} ${stateSentence(edition, relays)}`;
}

function saidOf(progress: Progress): string {
  return saidText(progress, stateSentence(progress.edition, progress.relays));
}

function headPart(request: ConsoleRequest, { edition, relays }: Progress): Html {
  return editionHead(request, edition, 'sending', stateSentence(edition, relays));
}

/** What may be done about it now, and what has to be known first. */
async function actsPart(
  { sending }: ConsoleApp,
  request: ConsoleRequest,
  { edition, at }: Progress,
): Promise<Html | ''> {
  const noWorker =
    (edition.state === 'sending' || (edition.state === 'approved' && edition.dueAt <= at)) &&
    !(await sending.hasWorker())
      ? html`<div class="note bad"><p>No worker is running that sends it: start silkpost worker, or silkpost start.</p></div>`
      : nothing;
  return html`${noWorker}${aboutState(edition)}${request.may('editions:send') ? buttons(request, edition) : nothing}`;
}

function aboutState(edition: Edition): Html | '' {
  switch (edition.state) {
    case 'held':
      return html`<p>It waits for a person: ${whyHeld(edition)}.</p>`;
    case 'paused':
      return edition.reason === 'sender_faults'
        ? html`<p>It was paused by itself, so that not every reader’s server finds the same fault. Mend what stands under “What was refused” first; resumed, it counts such faults anew.</p>`
        : html`<p>Nothing of it begins. Its time to expire stands still meanwhile.</p>`;
    case 'draft':
      return html`<p>It is a draft: nothing of it can be paused or called off yet. Under Content it can be changed, or left out.</p>`;
    default:
      return nothing;
  }
}

function buttons({ consolePath }: ConsoleRequest, edition: Edition): Html | '' {
  const path = consolePath(`/editions/${encodeURIComponent(edition.id)}`);
  const post = (deed: string, label: string, isMain = false): Html =>
    html`<form method="post" action="${path}/${deed}"><button class="button${isMain ? ' main' : nothing}">${label}</button></form>`;
  const cancel = html`<a class="button" href="${path}/cancel">Call it off …</a>`;
  switch (edition.state) {
    case 'draft':
      return html`<div class="acts"><a class="button" href="${path}/early">Send it now …</a></div>`;
    case 'approved':
      return html`<div class="acts">${post('undo', 'Undo', true)}</div>`;
    case 'sending':
      return html`<div class="acts">${post('pause', 'Pause', true)}${cancel}</div>`;
    case 'paused':
      return html`<div class="acts">${post('resume', 'Resume', true)}${cancel}</div>`;
    case 'held':
      return html`<div class="acts">${
        edition.reason === 'approval'
          ? html`<a class="button main" href="${path}/preflight">Approve it …</a>`
          : post('release', edition.frozenAt === null ? 'Let it go' : 'Go on with it', true)
      }${edition.frozenAt === null ? html`<a class="button" href="${path}/skip">Skip it …</a>` : nothing}${cancel}</div>`;
    default:
      return nothing;
  }
}
