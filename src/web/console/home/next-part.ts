import { type Instant, plusMs } from '../../../clock.ts';
import { whyHeld } from '../../../digest/index.ts';
import type { ComingEdition } from '../../../schedule/index.ts';
import type { Rhythm } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { editionSteps, stepsDone } from '../html/edition-steps.ts';
import { localizedText } from '../html/localized-text.ts';
import { timeText } from '../html/time-text.ts';
import type { ConsoleHome } from './console-home.ts';

const numbers = new Intl.NumberFormat('en');

/** What happens next: each newsletter’s coming edition, how far it is and whom it is for. */
export async function nextPart(request: ConsoleRequest, { listComing }: ConsoleHome): Promise<Html> {
  const coming = await listComing();
  const list =
    coming.length === 0
      ? html`<p>There is no newsletter in silkpost.yaml.</p>`
      : html`<ol class="coming">${coming.map((next) => comingItem(request, next))}</ol>`;
  return html`<header><h2 id="desk-next-head">What happens next</h2></header>
${list}`;
}

function comingItem(request: ConsoleRequest, next: ComingEdition): Html {
  const { site, operator, consolePath } = request;
  const { newsletter, rhythm, edition, dueAt } = next;
  const title = html`${localizedText(site, newsletter.title)}${rhythmNames[rhythm]}`;
  return html`<li><div class="coming-head"><h3>${edition === null ? title : html`<a href="${consolePath(`/editions/${encodeURIComponent(edition.id)}`)}">${title}</a>`}</h3>
<p>${timeText(operator, dueAt, newsletter.timezone)}</p></div>
<p class="state">${stateText(next)} <span class="aside">${holding(next)}</span></p>
${course(request, next)}</li>
`;
}

/** `12 stories for 12,480 readers` */
function holding({ stories, readers }: ComingEdition): string {
  const whom = readers === 1 ? 'one reader' : `${numbers.format(readers)} readers`;
  if (stories === null) return `For ${whom}.`;
  return `${stories === 0 ? 'Nothing new yet' : stories === 1 ? 'One story' : `${stories} stories`} for ${whom}.`;
}

const rhythmNames: Readonly<Record<Rhythm, string>> = {
  each: '',
  daily: ', the best of the day',
  weekly: ', the best of the week',
  monthly: ', the best of the month',
};

function stateText({ edition }: ComingEdition): Html {
  if (edition === null) return html`No draft yet.`;
  switch (edition.state) {
    case 'draft':
      return html`<b>Drafted.</b>`;
    case 'approved':
      return html`<b class="good">Approved.</b>`;
    case 'held':
      return html`<b class="bad">Held:</b> ${whyHeld(edition)}.`;
    case 'sending':
      return html`<b>Going out now.</b>`;
    case 'paused':
      return html`<b class="waiting">Paused.</b>`;
    case 'sent':
    case 'skipped':
    case 'cancelled':
      return html`<b>Over.</b>`;
    default:
      return edition.state satisfies never;
  }
}

/** The thread lying down: what is behind it, where it is, and when the rest comes. */
function course({ operator }: ConsoleRequest, { newsletter, edition, dueAt }: ComingEdition): Html {
  const done = edition === null ? 0 : stepsDone[edition.state];
  const at = (instant: Instant): Html => timeText(operator, instant);
  const times: Readonly<Record<(typeof editionSteps)[number], Html | ''>> = {
    Drafted: at(edition?.createdAt ?? plusMs(dueAt, -newsletter.draftLeadMs)),
    Approved: nothing,
    Sending: at(edition?.frozenAt ?? dueAt),
    Sent: nothing,
  };
  return html`<ol class="steps">${editionSteps.map((name, index) => {
    const when = times[name];
    const place = index < done ? 'done' : index === done ? 'now' : 'later';
    return html`<li class="${place}"${place === 'now' ? html` aria-current="step"` : nothing}><b>${name}</b>${when === nothing ? nothing : html`<br>${when}`}</li>`;
  })}</ol>`;
}
